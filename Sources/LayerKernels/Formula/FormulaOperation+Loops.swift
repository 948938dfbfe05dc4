internal import CVectors
internal import Functions
internal import Kernels

/// The loops of one instruction over a block of elements.
///
/// The last incomplete vector of a block uses the same vector code. An element's value therefore
/// does not depend on its place in a block.
extension FormulaOperation {
  typealias Vector = SIMD8<Float>

  /// Computes y = f(a), f(a, b) or f(a, b, c). y may be an operand.
  ///
  /// The loop ignores the operands that the operation does not have.
  func run(_ a: FloatView, _ b: FloatView, _ c: FloatView, to y: FloatView, count: Int) {
    switch self {
    case .copy: map(a, to: y, count) { $0 }
    case .negate: map(a, to: y, count) { -$0 }
    case .absolute: map(a, to: y, count) { $0.replacing(with: -$0, where: $0 .< 0) + 0 }
    case .sign:
      map(a, to: y, count) {
        $0.replacing(with: 1, where: $0 .> 0).replacing(with: -1, where: $0 .< 0)
      }
    case .floor: map(a, to: y, count) { $0.rounded(.down) }
    case .ceil: map(a, to: y, count) { $0.rounded(.up) }
    case .round: map(a, to: y, count) { $0.rounded(.toNearestOrEven) }
    case .sqrt: map(a, to: y, count) { dl_square_roots($0) }
    case .square: map(a, to: y, count) { $0 * $0 }
    case .relu: map(a, to: y, count) { $0.replacing(with: 0, where: $0 .< 0) }
    case .not: map(a, to: y, count) { Vector(truth: $0 .== 0) }
    case .exp, .expm1, .log, .log1p, .sin, .cos, .tan, .atan, .tanh, .sigmoid, .softplus, .erf:
      runFunction(a, to: y, count: count)
    case .select: map(a, b, c, to: y, count) { $2.replacing(with: $1, where: $0 .!= 0) }
    default: runBinary(a, b, to: y, count: count)
    }
  }

  /// Computes a function of ``Functions``. The compiler makes vector code of each loop.
  private func runFunction(_ a: FloatView, to y: FloatView, count: Int) {
    switch self {
    case .exp: each(a, to: y, count) { exponential($0) }
    case .expm1: each(a, to: y, count) { exponentialMinusOne($0) }
    case .log: each(a, to: y, count) { logarithm($0) }
    case .log1p: each(a, to: y, count) { logarithmOfOnePlus($0) }
    case .atan: each(a, to: y, count) { arctangent($0) }
    case .tanh: each(a, to: y, count) { hyperbolicTangent($0) }
    case .sigmoid: each(a, to: y, count) { Functions.sigmoid($0) }
    case .softplus: each(a, to: y, count) { Functions.softplus($0) }
    case .erf: each(a, to: y, count) { errorFunction($0) }
    case .sin where isModerate(a, count): each(a, to: y, count) { moderateSine($0) }
    case .cos where isModerate(a, count): each(a, to: y, count) { moderateCosine($0) }
    case .tan where isModerate(a, count): each(a, to: y, count) { moderateTangent($0) }
    case .sin: each(a, to: y, count) { sine($0) }
    case .cos: each(a, to: y, count) { cosine($0) }
    case .tan: each(a, to: y, count) { tangent($0) }
    default: preconditionFailure("\(self) is not an elementary function")
    }
  }

  /// True if the angles of a block are within the bound of the fast reduction. Both reductions give
  /// the same bits there.
  private func isModerate(_ a: FloatView, _ count: Int) -> Bool {
    var isModerate = true
    for index in 0..<count {
      let isNear = a[index].magnitude < FloatAngle.bound
      isModerate = isModerate && isNear
    }
    return isModerate
  }

  private func runBinary(_ a: FloatView, _ b: FloatView, to y: FloatView, count: Int) {
    switch self {
    case .add: map(a, b, to: y, count) { $0 + $1 }
    case .subtract: map(a, b, to: y, count) { $0 - $1 }
    case .multiply: map(a, b, to: y, count) { $0 * $1 }
    case .divide: map(a, b, to: y, count) { $0 / $1 }
    case .power:
      for index in 0..<count { y[index] = Functions.power(a[index], b[index]) }
    case .minimum: map(a, b, to: y, count) { $1.replacing(with: $0, where: $0 .< $1 .| $0 .!= $0) }
    case .maximum: map(a, b, to: y, count) { $1.replacing(with: $0, where: $0 .> $1 .| $0 .!= $0) }
    case .less: map(a, b, to: y, count) { Vector(truth: $0 .< $1) }
    case .lessOrEqual: map(a, b, to: y, count) { Vector(truth: $0 .<= $1) }
    case .equal: map(a, b, to: y, count) { Vector(truth: $0 .== $1) }
    case .unequal: map(a, b, to: y, count) { Vector(truth: $0 .!= $1) }
    case .and: map(a, b, to: y, count) { Vector(truth: ($0 .!= 0) .& ($1 .!= 0)) }
    case .or: map(a, b, to: y, count) { Vector(truth: ($0 .!= 0) .| ($1 .!= 0)) }
    case .scale:
      map(a, b, to: y, count) { ($0 * $1).replacing(with: 0, where: ($0 .== 0) .| ($1 .== 0)) }
    case .quotient: map(a, b, to: y, count) { ($0 / $1).replacing(with: 0, where: $0 .== 0) }
    case .share:
      map(a, b, to: y, count) {
        Vector(truth: $0 .> $1).replacing(with: 0.5, where: $0 .== $1)
      }
    default: preconditionFailure("\(self) does not have two operands")
    }
  }

  @inline(__always)
  private func each(
    _ a: FloatView, to y: FloatView, _ count: Int, _ function: (Float) -> Float
  ) {
    for index in 0..<count { y[index] = function(a[index]) }
  }

  @inline(__always)
  private func map(
    _ a: FloatView, to y: FloatView, _ count: Int, _ function: (Vector) -> Vector
  ) {
    var index = 0
    while index &+ 8 <= count {
      y.store(function(a.load8(index)), index)
      index &+= 8
    }
    guard index < count else { return }
    y.store(function(a.load(from: index, to: count)), from: index, to: count)
  }

  @inline(__always)
  private func map(
    _ a: FloatView, _ b: FloatView, to y: FloatView, _ count: Int,
    _ function: (Vector, Vector) -> Vector
  ) {
    var index = 0
    while index &+ 8 <= count {
      y.store(function(a.load8(index), b.load8(index)), index)
      index &+= 8
    }
    guard index < count else { return }
    let rest = function(a.load(from: index, to: count), b.load(from: index, to: count))
    y.store(rest, from: index, to: count)
  }

  @inline(__always)
  private func map(
    _ a: FloatView, _ b: FloatView, _ c: FloatView, to y: FloatView, _ count: Int,
    _ function: (Vector, Vector, Vector) -> Vector
  ) {
    var index = 0
    while index &+ 8 <= count {
      y.store(function(a.load8(index), b.load8(index), c.load8(index)), index)
      index &+= 8
    }
    guard index < count else { return }
    let rest = function(
      a.load(from: index, to: count), b.load(from: index, to: count),
      c.load(from: index, to: count))
    y.store(rest, from: index, to: count)
  }
}

extension View where Element == Float {
  /// Loads the elements in `start`..<`end`, at most eight. The other lanes are 1.
  @inline(__always)
  fileprivate func load(from start: Int, to end: Int) -> SIMD8<Float> {
    var vector = SIMD8<Float>(repeating: 1)
    for index in start..<end { vector[index &- start] = self[index] }
    return vector
  }

  @inline(__always)
  fileprivate func store(_ vector: SIMD8<Float>, from start: Int, to end: Int) {
    for index in start..<end { self[index] = vector[index &- start] }
  }
}

extension SIMD8<Float> {
  /// 1 for true lanes, 0 for the others.
  @inline(__always)
  fileprivate init(truth: SIMDMask<SIMD8<Int32>>) {
    self = SIMD8(repeating: 0).replacing(with: 1, where: truth)
  }
}

package import Kernels
internal import Layers
internal import Solvers
internal import Tensors

/// The parameters of a model and their gradients, each in one block of memory that all plans share.
///
/// A parameter keeps the element order that its layer chose (`ParameterDeclaration.order`) between
/// steps. Reading and writing files converts it to and from row-major order.
package final class ParameterStore {
  package let parameters: [GraphParameter]
  /// False when the parameters never change after they are set.
  package let isForTraining: Bool
  private let values: FloatStorage
  private let gradientStorage: FloatStorage?
  private let ranges: [Range<Int>]

  /// - Parameter forTraining: false for a model that is only run. Its parameters have no
  ///   gradients.
  /// - Throws: `KernelError` if there is not enough memory.
  package init(_ parameters: [GraphParameter], forTraining: Bool) throws(KernelError) {
    self.parameters = parameters
    isForTraining = forTraining
    let (ranges, count) = ParameterStore.layout(parameters)
    self.ranges = ranges
    let storages = (FloatStorage(count: count), forTraining ? FloatStorage(count: count) : nil)
    guard let values = storages.0, !forTraining || storages.1 != nil else {
      throw KernelError("not enough memory for \(count) parameters")
    }
    self.values = values
    gradientStorage = storages.1
  }

  /// Returns the range of each parameter. It starts at a multiple of the vector width of updates.
  private static func layout(_ parameters: [GraphParameter]) -> ([Range<Int>], Int) {
    var ranges: [Range<Int>] = []
    var end = 0
    for parameter in parameters {
      ranges.append(end..<end + parameter.declaration.shape.count)
      end = padded(end + parameter.declaration.shape.count)
    }
    return (ranges, end)
  }

  private static func padded(_ count: Int) -> Int {
    (count + UpdateOperands.width - 1) / UpdateOperands.width * UpdateOperands.width
  }

  /// Returns the bytes of a parameter, including padding, before any memory is allocated.
  static func bytes(of parameter: GraphParameter) -> Double {
    let width = Double(UpdateOperands.width)
    let count = Double(parameter.declaration.shape.count)
    return (count / width).rounded(.up) * width * Double(MemoryLayout<Float>.size)
  }

  /// Returns the elements of one parameter, in its layer's order.
  package func value(_ index: Int) -> FloatView { FloatView(values, ranges[index]) }

  package func gradient(_ index: Int) -> FloatView? {
    gradientStorage.map { FloatView($0, ranges[index]) }
  }

  /// Returns the elements and the padding after them, as updates read them.
  func paddedValue(_ index: Int) -> FloatView { FloatView(values, paddedRange(index)) }
  func paddedGradient(_ index: Int) -> FloatView? {
    gradientStorage.map { FloatView($0, paddedRange(index)) }
  }

  func paddedRange(_ index: Int) -> Range<Int> {
    ranges[index].lowerBound..<ParameterStore.padded(ranges[index].upperBound)
  }

  /// The number of elements of all parameters, including padding.
  var count: Int { values.count }

  /// Gives every parameter its initial values.
  ///
  /// - Throws: `KernelError` if there is not enough memory for them.
  package func fill(seed: Int) throws(KernelError) {
    for (index, parameter) in parameters.enumerated() {
      let random = RandomStream(
        seed: seed, purpose: .initialization(parameter: parameter.name))
      set(
        index,
        rowMajor: try parameter.declaration.filler.values(of: parameter.declaration.shape, random))
    }
  }

  /// Returns the elements of a parameter in row-major order, as files store them.
  package func rowMajor(_ index: Int) -> [Float] { rowMajor(value(index), of: index) }

  /// Returns a range of a parameter's elements in row-major order.
  package func rowMajor(_ index: Int, in range: Range<Int>) -> [Float] {
    let (view, (rows, columns)) = (value(index), extents(index))
    return range.map { view[place($0, index, rows, columns)] }
  }

  /// Converts a tensor from the parameter's memory order to row-major order.
  func rowMajor(_ memory: FloatStorage, from start: Int, of index: Int) -> [Float] {
    rowMajor(FloatView(memory, start..<start + ranges[index].count), of: index)
  }

  /// Sets a tensor in the parameter's memory order from elements in row-major order.
  func set(_ memory: FloatStorage, from start: Int, of index: Int, rowMajor elements: [Float]) {
    set(FloatView(memory, start..<start + ranges[index].count), of: index, rowMajor: elements)
  }

  /// Returns a parameter's gradient in row-major order.
  package func rowMajorGradient(_ index: Int) -> [Float]? {
    gradient(index).map { rowMajor($0, of: index) }
  }

  private func rowMajor(_ view: FloatView, of index: Int) -> [Float] {
    let (rows, columns) = extents(index)
    return (0..<view.count).map { view[place($0, index, rows, columns)] }
  }

  /// Sets a parameter from the row-major elements of a file. The parameter must have as many
  /// elements.
  package func set(_ index: Int, rowMajor elements: [Float]) {
    set(value(index), of: index, rowMajor: elements)
  }

  private func set(_ view: FloatView, of index: Int, rowMajor elements: [Float]) {
    precondition(elements.count == view.count, "the parameter has another number of elements")
    let (rows, columns) = extents(index)
    for (element, number) in elements.enumerated() {
      view[place(element, index, rows, columns)] = number
    }
  }

  /// Returns the row-major index of the element at a place in memory.
  package func element(at place: Int, of index: Int) -> Int {
    let (rows, columns) = extents(index)
    switch parameters[index].declaration.order {
    case .rowMajor: return place
    case .columnMajor: return place % rows * columns + place / rows
    }
  }

  private func extents(_ index: Int) -> (rows: Int, columns: Int) {
    let shape = parameters[index].declaration.shape
    let rows = shape.rank > 1 ? shape[0] : 1
    return (rows, shape.count / max(rows, 1))
  }

  /// Returns the place in memory of the row-major element `element`.
  private func place(_ element: Int, _ index: Int, _ rows: Int, _ columns: Int) -> Int {
    switch parameters[index].declaration.order {
    case .rowMajor: element
    case .columnMajor: element % columns * rows + element / columns
    }
  }

  /// The first parameter with a non-finite value.
  package var firstNonFinite: Int? { parameters.indices.first { !value($0).isFinite } }

  /// The first statistic or state with a non-finite value. Updates do not check these.
  package var firstNonFiniteStatistic: Int? {
    parameters.indices.first {
      !parameters[$0].declaration.role.isTrained && !value($0).isFinite
    }
  }
}

extension FloatView {
  /// Whether all elements are finite.
  var isFinite: Bool {
    for index in 0..<count where !self[index].isFinite { return false }
    return true
  }
}

internal import Expressions
internal import Kernels

/// Terms in stages: each a loop over the elements of one shape, in which all its values are computed side by side.
///
/// A value that a loop over other elements needs (a sum, an operand that is repeated) goes through memory, and so does one
/// that a later loop needs. Axes of 1 make no difference: they move no element.
struct FormulaSchedule {
  /// What a stage reads and writes.
  enum Tensor: Hashable {
    case input(Int)
    case resultGradient
    /// A term's value: one that the schedule makes, or that is known from another.
    case value(Int)
    /// By place among the results that were asked for.
    case result(Int)
  }

  struct Stage {
    let axes: [Int]
    /// In order.
    fileprivate(set) var terms: [Int]
    /// The operands that are stored, by result; several results may be one term.
    fileprivate(set) var results: [Int] = []
  }

  let terms: FormulaTerms
  /// By place: the term, and the shape in which it is stored.
  let results: [(term: Int, shape: [Int])]
  /// Values that are in memory before.
  let known: Set<Int>
  private(set) var stages: [Stage] = []
  /// By term: its stage; nil for one that is in memory, or not needed.
  private(set) var stageOf: [Int?]
  /// Terms that are stored for other stages.
  private(set) var stored: Set<Int> = []

  init(_ terms: FormulaTerms, results: [(term: Int, shape: [Int])], known: Set<Int> = []) {
    self.terms = terms
    self.results = results
    self.known = known
    stageOf = Array(repeating: nil, count: terms.terms.count)
    arrange()
    findStored()
  }

  /// The term whose elements a term has, if it only has other axes.
  func origin(of term: Int) -> Int {
    guard case .reshaped(let origin, _) = terms.terms[term], !known.contains(term) else {
      return term
    }
    return self.origin(of: origin)
  }

  /// True for what no stage computes.
  func isGiven(_ term: Int) -> Bool {
    if known.contains(term) { return true }
    switch terms.terms[term] {
    case .constant, .input, .resultGradient: return true
    case .operation, .sum, .reshaped, .repeated: return false
    }
  }

  func isConstant(_ term: Int) -> Bool { terms.value(of: term) != nil }

  /// Where a term that is in memory lies.
  func tensor(_ term: Int) -> Tensor {
    switch terms.terms[term] {
    case .input(let number): .input(number)
    case .resultGradient: .resultGradient
    default: .value(term)
    }
  }

  func operands(of term: Int) -> [Int] {
    switch terms.terms[term] {
    case .constant, .input, .resultGradient: []
    case .operation(_, let operands): operands
    case .sum(let operand, _), .reshaped(let operand, _), .repeated(let operand, _): [operand]
    }
  }

  /// The shape of the loop that computes a term.
  func axes(of term: Int) -> [Int] {
    if case .sum(let operand, _) = terms.terms[term] {
      return terms.shapes[operand].withoutOnes
    }
    return terms.shapes[term].withoutOnes
  }

  func isSum(_ term: Int) -> Bool {
    if case .sum = terms.terms[term] { return true }
    return false
  }

  // MARK: Arrangement

  private func needed() -> [Bool] {
    var needed = [Bool](repeating: false, count: terms.terms.count)
    for result in results { needed[origin(of: result.term)] = true }
    for term in needed.indices.reversed() where needed[term] && !isGiven(term) {
      for operand in operands(of: term) { needed[origin(of: operand)] = true }
    }
    return needed
  }

  /// Whether a stage of `axes` can take the value of `origin` from a register of its own.
  private func isWithin(_ origin: Int, _ axes: [Int]) -> Bool {
    !isSum(origin) && self.axes(of: origin) == axes
  }

  /// By term: the round in which it is computed. A round begins when all that its loops read from memory is there.
  ///
  /// Sums are made as soon as they can be, so that those of equal axes share a loop. What is no sum is made as late as its
  /// readers allow: in their own loop, where it needs no memory.
  private func rounds(_ needed: [Bool]) -> [Int] {
    var rounds = [Int](repeating: 0, count: terms.terms.count)
    // By term: the last round in which its readers still find it.
    var latest = [Int?](repeating: nil, count: terms.terms.count)
    let computed = needed.indices.filter { needed[$0] && !isGiven($0) }
    for term in computed {
      for operand in operands(of: term).map(origin(of:)) where !isGiven(operand) {
        let delay = isWithin(operand, axes(of: term)) ? 0 : 1
        rounds[term] = max(rounds[term], rounds[operand] + delay)
      }
    }
    for term in computed.reversed() {
      if let latest = latest[term], !isSum(term) { rounds[term] = latest }
      for operand in operands(of: term).map(origin(of:)) {
        let delay = isWithin(operand, axes(of: term)) ? 0 : 1
        latest[operand] = min(latest[operand] ?? .max, rounds[term] - delay)
      }
    }
    return rounds
  }

  /// Makes a stage of the terms of equal round and axes.
  private mutating func arrange() {
    let needed = needed()
    let rounds = rounds(needed)
    var places: [[Int]: Int] = [:]
    var found: [(round: Int, stage: Stage)] = []
    for term in needed.indices where needed[term] && !isGiven(term) {
      let axes = axes(of: term)
      let key = [rounds[term]] + axes
      if let place = places[key] {
        found[place].stage.terms.append(term)
      } else {
        places[key] = found.count
        found.append((rounds[term], Stage(axes: axes, terms: [term])))
      }
    }
    let order = found.indices.sorted { (found[$0].round, $0) < (found[$1].round, $1) }
    stages = order.map { found[$0].stage }
    for (number, stage) in stages.enumerated() {
      for term in stage.terms { stageOf[term] = number }
    }
    for (number, result) in results.enumerated() { addResult(number, result) }
  }

  /// A result is stored by the stage that computes it; one that is in memory, or that is a sum, by a stage of its own
  /// that copies.
  private mutating func addResult(_ number: Int, _ result: (term: Int, shape: [Int])) {
    let origin = origin(of: result.term)
    if let stage = stageOf[origin], isWithin(origin, result.shape.withoutOnes) {
      stages[stage].results.append(number)
    } else {
      var copy = Stage(axes: result.shape.withoutOnes, terms: [])
      copy.results = [number]
      stages.append(copy)
    }
  }

  /// Finds the terms that another stage than their own reads, and sums, which are added up in memory.
  private mutating func findStored() {
    func note(_ operand: Int, _ stage: Int) {
      let origin = origin(of: operand)
      guard !isGiven(origin) else { return }
      // What is repeated is repeated anew by each stage of its axes.
      if case .repeated(let inner, _) = terms.terms[origin],
        stages[stage].axes == axes(of: origin)
      {
        note(inner, stage)
      } else if stageOf[origin] != stage || isSum(origin) {
        stored.insert(origin)
      }
    }
    for (number, stage) in stages.enumerated() {
      for term in stage.terms {
        for operand in operands(of: term) {
          if case .repeated = terms.terms[term] {
            let inner = origin(of: operand)
            if !isGiven(inner) { stored.insert(inner) }
          } else {
            note(operand, number)
          }
        }
        if isSum(term) { stored.insert(term) }
      }
      for result in stage.results { note(results[result].term, number) }
    }
  }
}

internal import Expressions
internal import Kernels

/// Arranges the terms of a formula in stages. Each stage is one loop over the elements of a shape,
/// and the loop computes all terms of the stage.
///
/// A value is stored in memory if a later loop or a loop over another shape needs it. Examples are
/// sums and repeated operands. Axes with an extent of 1 do not matter, because they do not move
/// elements.
struct FormulaSchedule {
  /// A tensor that a stage reads or writes.
  enum Tensor: Hashable {
    /// An input of the formula.
    case input(Int)
    /// The gradient of the formula's result.
    case resultGradient
    /// The value of a term: computed by the schedule, or known from another schedule.
    case value(Int)
    /// A requested result, by its place among the results.
    case result(Int)
  }

  /// A loop over the elements of one shape.
  struct Stage {
    /// The shape of the loop, without axes of 1.
    let axes: [Int]
    /// The terms that the loop computes, in order.
    fileprivate(set) var terms: [Int]
    /// The results that the loop stores. Several results may be one term.
    fileprivate(set) var results: [Int] = []
  }

  /// The terms of the formula, and of its derivatives in backward.
  let terms: FormulaTerms
  /// The requested results: the term, and the shape in which it is stored.
  let results: [(term: Int, shape: [Int])]
  /// The terms with values in memory before the first stage.
  let known: Set<Int>
  /// The stages, in order.
  private(set) var stages: [Stage] = []
  /// For each term, its stage. Nil for a term that is in memory, or that no result needs.
  private(set) var stageOf: [Int?]
  /// Terms that are stored for other stages.
  private(set) var stored: Set<Int> = []

  /// Arranges the terms in stages.
  ///
  /// - Parameters:
  ///   - terms: the terms. Operands precede the terms that read them.
  ///   - results: the requested terms, each with the shape in which it is stored.
  ///   - known: the terms with values in memory.
  init(_ terms: FormulaTerms, results: [(term: Int, shape: [Int])], known: Set<Int> = []) {
    self.terms = terms
    self.results = results
    self.known = known
    stageOf = Array(repeating: nil, count: terms.terms.count)
    arrange()
    findStored()
  }

  /// Returns the term whose elements the given term has, if the given term only changes axes.
  /// Otherwise returns the given term.
  func origin(of term: Int) -> Int {
    guard case .reshaped(let origin, _) = terms.terms[term], !known.contains(term) else {
      return term
    }
    return self.origin(of: origin)
  }

  /// True for a term that no stage computes.
  func isGiven(_ term: Int) -> Bool {
    if known.contains(term) { return true }
    switch terms.terms[term] {
    case .constant, .input, .resultGradient: return true
    case .operation, .sum, .reshaped, .repeated: return false
    }
  }

  /// True for a term with the same known number at every element.
  func isConstant(_ term: Int) -> Bool { terms.value(of: term) != nil }

  /// Returns the tensor that holds a term in memory.
  func tensor(_ term: Int) -> Tensor {
    switch terms.terms[term] {
    case .input(let number): .input(number)
    case .resultGradient: .resultGradient
    default: .value(term)
    }
  }

  /// Returns the terms that a term reads.
  func operands(of term: Int) -> [Int] {
    switch terms.terms[term] {
    case .constant, .input, .resultGradient: []
    case .operation(_, let operands): operands
    case .sum(let operand, _), .reshaped(let operand, _), .repeated(let operand, _): [operand]
    }
  }

  /// Returns the shape of the loop that computes a term.
  func axes(of term: Int) -> [Int] {
    if case .sum(let operand, _) = terms.terms[term] {
      return terms.shapes[operand].withoutOnes
    }
    return terms.shapes[term].withoutOnes
  }

  /// True for a sum over axes.
  func isSum(_ term: Int) -> Bool {
    if case .sum = terms.terms[term] { return true }
    return false
  }

  // MARK: Arrangement

  /// Returns, for each term, whether a result depends on it.
  private func needed() -> [Bool] {
    var needed = [Bool](repeating: false, count: terms.terms.count)
    for result in results { needed[origin(of: result.term)] = true }
    for term in needed.indices.reversed() where needed[term] && !isGiven(term) {
      for operand in operands(of: term) { needed[origin(of: operand)] = true }
    }
    return needed
  }

  /// True if a stage with `axes` can take the value of `origin` from its own register.
  private func isWithin(_ origin: Int, _ axes: [Int]) -> Bool {
    !isSum(origin) && self.axes(of: origin) == axes
  }

  /// Returns the round of each term. A round begins when memory holds all values that its loops
  /// read.
  ///
  /// A sum has the earliest possible round, so that sums of equal axes share a loop. Any other term
  /// has the latest round that its readers allow. The loop of its readers then computes it, and it
  /// needs no memory.
  private func rounds(_ needed: [Bool]) -> [Int] {
    var rounds = [Int](repeating: 0, count: terms.terms.count)
    // For each term, the latest round that its readers allow.
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

  /// Makes a stage of the terms with equal round and axes.
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

  /// Adds a result to the stage that computes it.
  ///
  /// A result that is in memory, or that is a sum, needs a stage of its own, which copies it.
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

  /// Finds the terms that another stage reads, and the sums, because loops add sums up in memory.
  private mutating func findStored() {
    func note(_ operand: Int, _ stage: Int) {
      let origin = origin(of: operand)
      guard !isGiven(origin) else { return }
      // Each stage of the same axes repeats the operand again.
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

internal import Kernels
internal import Solvers

extension UpdatePlan {
  /// The state that updates keep in addition to the parameters. Tensors are row-major.
  package struct State: Sendable, Equatable {
    /// The number of updates so far.
    package var count: Int
    /// The numbers that the solver carries from one update to the next: see ``UpdateRates``.
    package var rates: [Double]
    /// By parameter, in the order of the solver's state names. Empty for a frozen parameter.
    package var states: [[[Float]]]
    /// By parameter. Nil when the solver does not average.
    package var averages: [[Float]]?

    package init(count: Int, rates: [Double], states: [[[Float]]], averages: [[Float]]?) {
      self.count = count
      self.rates = rates
      self.states = states
      self.averages = averages
    }
  }

  /// The number of values in ``State/rates``.
  package static var rateCount: Int { UpdateRates.count }

  /// Returns the solver's names for the states of a parameter.
  package func stateNames(_ parameter: Int) -> [String] {
    let parameter = store.parameters[parameter]
    return parameter.isTrainable ? solver.stateNames(ofMatrix: parameter.isMatrix) : []
  }

  /// Whether the plan averages the parameters.
  package var hasAverages: Bool { memory.averages != nil }

  /// The first parameter with a non-finite state, and the state's name.
  package var firstNonFiniteState: (parameter: Int, name: String)? {
    for (index, states) in memory.states.enumerated() {
      for (name, state) in zip(stateNames(index), states) where !FloatView(state).isFinite {
        return (index, name)
      }
    }
    return nil
  }

  /// A copy of the state. Setting it makes updates continue from there.
  package var state: State {
    get {
      State(
        count: count, rates: (0..<UpdateRates.count).map { rates[$0] },
        states: memory.states.indices.map { index in
          memory.states[index].map { store.rowMajor($0, from: 0, of: index) }
        },
        averages: memory.averages.map { averages in
          store.parameters.indices.map {
            store.rowMajor(averages, from: store.paddedRange($0).lowerBound, of: $0)
          }
        })
    }
    set {
      count = newValue.count
      for (place, rate) in newValue.rates.enumerated() { rates[place] = rate }
      for (index, states) in newValue.states.enumerated() {
        for (storage, values) in zip(memory.states[index], states) {
          store.set(storage, from: 0, of: index, rowMajor: values)
        }
      }
      if let averages = memory.averages, let values = newValue.averages {
        for index in store.parameters.indices {
          store.set(
            averages, from: store.paddedRange(index).lowerBound, of: index,
            rowMajor: values[index])
        }
      }
    }
  }
}

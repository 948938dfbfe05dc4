internal import Fields
internal import Kernels
internal import Layers
internal import ModelFiles
internal import Solvers
internal import Tensors

/// The memory of an update apart from parameters and gradients.
struct UpdateMemory {
  /// By parameter, in the order of the solver's state names. Empty for a frozen parameter.
  let states: [[FloatStorage]]
  /// The accumulated gradients and the averages of all parameters. Nil when they are not used.
  let accumulated: FloatStorage?
  let averages: FloatStorage?

  /// - Throws: `KernelError` if there is not enough memory.
  init(_ store: ParameterStore, _ declaration: SolverDeclaration) throws(KernelError) {
    func storage(_ count: Int) throws(KernelError) -> FloatStorage {
      guard let storage = FloatStorage(count: count) else {
        throw KernelError("not enough memory for \(count) values of the solver's state")
      }
      return storage
    }
    var states: [[FloatStorage]] = []
    for (index, parameter) in store.parameters.enumerated() {
      var storages: [FloatStorage] = []
      let names = declaration.solver.stateNames(ofMatrix: parameter.isMatrix)
      for _ in names where parameter.isTrainable {
        storages.append(try storage(store.paddedRange(index).count))
      }
      states.append(storages)
    }
    self.states = states
    accumulated = declaration.iterationSize > 1 ? try storage(store.count) : nil
    averages = declaration.averageKept != nil ? try storage(store.count) : nil
  }

  /// Returns the bytes of this memory and of the solver's preparation of a parameter, before any
  /// memory is allocated.
  static func bytes(_ parameters: [GraphParameter], _ declaration: SolverDeclaration) -> Double {
    let copies =
      (declaration.iterationSize > 1 ? 1.0 : 0) + (declaration.averageKept != nil ? 1 : 0)
    var (sum, largest) = (0.0, 0.0)
    for parameter in parameters {
      let bytes = ParameterStore.bytes(of: parameter)
      let names = declaration.solver.stateNames(ofMatrix: parameter.isMatrix)
      sum += bytes * (copies + (parameter.isTrainable ? Double(names.count) : 0))
      if parameter.isMatrix, parameter.isTrainable { largest = max(largest, bytes) }
    }
    return sum + largest * Double(declaration.solver.preparationCount)
  }
}

extension SolverDeclaration {
  /// Returns the parameter's regularization: its own regularizer and strength, or the solver's.
  func regularization(of parameter: GraphParameter) -> Regularization {
    Regularization(
      (parameter.regularizer ?? regularizer).value,
      strength: parameter.weightDecay ?? weightDecay, multiplier: parameter.decayMultiplier)
  }
}

extension GraphParameter {
  /// Whether the parameter is a weight matrix or a convolution kernel, not a bias.
  var isMatrix: Bool { declaration.shape.rank > 1 }
}

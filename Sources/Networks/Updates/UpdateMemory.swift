internal import Fields
internal import Kernels
internal import Layers
internal import ModelFiles
internal import Solvers
internal import Tensors

/// What an update keeps beside parameters and gradients.
struct UpdateMemory {
  /// By parameter, in the order of the solver's state names; none of a frozen one.
  let states: [[FloatStorage]]
  /// Of all parameters; so the averages.
  let accumulated: FloatStorage?
  let averages: FloatStorage?

  /// - Throws: `KernelError` if the memory is not there.
  init(_ store: ParameterStore, _ declaration: SolverDeclaration) throws(KernelError) {
    func storage(_ count: Int) throws(KernelError) -> FloatStorage {
      guard let storage = FloatStorage(count: count) else {
        throw KernelError("no memory for \(count) values of the solver's state")
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

  /// The bytes of all that, and of what the solver makes of a parameter before its pass, before
  /// there is any memory.
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
  /// What keeps a parameter small: its own regularizer and strength, or the solver's.
  func regularization(of parameter: GraphParameter) -> Regularization {
    Regularization(
      (parameter.regularizer ?? regularizer).value,
      strength: parameter.weightDecay ?? weightDecay, multiplier: parameter.decayMultiplier)
  }
}

extension GraphParameter {
  /// Whether it is a weight matrix or a kernel, and not a bias.
  var isMatrix: Bool { declaration.shape.rank > 1 }
}

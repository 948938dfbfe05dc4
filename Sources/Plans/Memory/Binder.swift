internal import Kernels
internal import Threads

/// Binds operands to memory and creates the stages.
struct Binder {
  let resolver: Resolver
  let schedule: Schedule
  /// The implementations of each operation's parts. Empty for an operation that is not a primitive.
  let implementations: [[any PrimitiveImplementation]]
  let packedWeights: PackedWeights
  /// The scratch memory of each operation.
  let scratch: [Int: Placement.Place]

  func stages() throws(KernelError) -> [Stage] {
    try schedule.stages.map { stage throws(KernelError) in
      let items = schedule.items(of: stage, resolver.builder)
      return Stage(
        try items.map { places throws(KernelError) in
          Stage.Item(try places.map { place throws(KernelError) in try kernel(place) })
        })
    }
  }

  private func kernel(_ place: KernelPlace) throws(KernelError) -> any Kernel {
    let operation = schedule.operations[place.operation]
    let part = operation.part(place.part, resolver.builder)
    let binding = Binding(part: part, exchanges: operation.exchanges, resolver: resolver)
    switch operation.work {
    case .kernel(let make):
      return try make(binding)
    case .primitive(let request):
      var operands = request.operands.map(binding.floats)
      if let ranges = request.ranges?(part) {
        operands = zip(operands, ranges).map { operand, range in operand[range] }
      }
      return try implementations[place.operation][place.part].kernel(
        packedWeights.replacing(operands, operation: place.operation, part: place.part),
        scratch: scratch[place.operation].map { resolver.scratch($0, part) })
    }
  }
}

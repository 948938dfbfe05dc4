package import DataSources
internal import Expressions
package import Files
internal import Kernels
internal import ModelFiles
package import Networks
internal import Plans
internal import Training
internal import YAML

/// How long each layer of a step takes, on one thread, and how long the whole step takes as it is
/// run.
///
/// Every time is the median over `repeats` runs, after some that only warm up. Layers whose
/// operations are fused have one row together. The sum of slices, joint steps and the packing of
/// weights belong to the layers that they are done for.
package struct LayerTimes: Sendable {
  package struct Row: Sendable {
    /// `conv1+relu1` where operations of both are fused.
    package let name: String
    package let type: String
    /// Seconds.
    package fileprivate(set) var forward = 0.0
    package fileprivate(set) var backward = 0.0
    package fileprivate(set) var update = 0.0
    package let forwardFlops: Double
    package let backwardFlops: Double

    package var total: Double { forward + backward + update }
  }

  package let phase: DataPhase
  package let rows: [Row]
  /// Seconds of a whole step, with an update where it is one of training, by the workers.
  package let step: Double
  package let threads: Int
  package let repeats: Int
  package let batchSize: Int

  /// The seconds of all rows.
  package var sum: Double { rows.reduce(0) { $0 + $1.total } }

  /// Runs that are not counted.
  private static let warmUpCount = 3

  /// - Parameter step: of the train phase for both directions and the update, of the test phase for the forward
  ///   direction alone.
  /// - Throws: ``RunFailure`` if the memory is not there.
  package init(_ step: FirstStep, threads: Int, repeats: Int) throws(RunFailure) {
    phase = step.graph.phase
    let plan = try step.plan(LayerTimes.purpose(phase))
    var update: UpdatePlan?
    if phase == .train {
      do throws(KernelError) {
        update = try UpdatePlan(step.store, step.model.file.solver, cache: step.cache)
      } catch {
        throw .environment(error.message)
      }
    }
    let rate = step.model.file.solver.baseRate
    let timers = [PlanTimer(plan.plan)] + (update.map { [$0.timer] } ?? [])
    let values = step.store.parameters.indices.map { step.store.rowMajor($0) }
    // The same work every time: weights that run away would be timed otherwise.
    func restore() {
      for (index, values) in values.enumerated() { step.store.set(index, rowMajor: values) }
    }
    var wholes: [Double] = []
    var times = timers.map { $0.works.map { _ in [Double]() } }
    for number in 0..<repeats + LayerTimes.warmUpCount {
      restore()
      let start = MonotonicClock.seconds
      plan.plan.run(on: step.workers)
      update?.accumulate(step: 0, on: step.workers)
      _ = update?.run(learningRate: rate, on: step.workers)
      let end = MonotonicClock.seconds
      let isCounted = number >= LayerTimes.warmUpCount
      if isCounted { wholes.append(end - start) }
      for (place, timer) in timers.enumerated() {
        var seconds = timer.works.map { _ in 0.0 }
        timer.run(clock: { MonotonicClock.seconds }, addingTo: &seconds)
        guard isCounted else { continue }
        for (work, second) in seconds.enumerated() { times[place][work].append(second) }
      }
    }
    restore()
    let medians = times.map { $0.map(LayerTimes.median) }
    var table = RowTable(step.graph, timers[0].works)
    table.add(timers[0].works, medians[0])
    if timers.count > 1 { table.addUpdate(timers[1].works, medians[1]) }
    rows = table.rows.filter { $0.total > 0 }
    self.step = LayerTimes.median(wholes)
    self.threads = threads
    self.repeats = repeats
    batchSize = step.graph.batchSize
  }

  /// What the plan of a phase is for.
  package static func purpose(_ phase: DataPhase) -> NetworkPlan.Purpose {
    phase == .train ? .training : .testing
  }

  /// The middle one; of an even number the mean of both in the middle.
  package static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    guard let last = sorted.indices.last else { return 0 }
    return (sorted[last / 2] + sorted[(last + 1) / 2]) / 2
  }
}

/// The rows, and which of them is a layer's.
private struct RowTable {
  private(set) var rows: [LayerTimes.Row] = []
  /// By name of a layer or a parameter: the row.
  private var places: [String: Int] = [:]

  /// A row for each group of layers that some operation is fused of, in the order of computation.
  init(_ graph: Graph, _ works: [PlanTimer.Work]) {
    let needed = graph.blobsThatNeedGradients
    add(LayerTimes.Row(name: "data", type: "", forwardFlops: 0, backwardFlops: 0), of: ["data"])
    var known: Set<String> = []
    // By name of a layer: the largest group that it is in, and the layers of that name.
    var groups: [String: [String]] = [:]
    for layers in works.map(\.layers) {
      for name in layers where layers.count > groups[name]?.count ?? 0 { groups[name] = layers }
    }
    let layers = Dictionary(grouping: graph.nodes.indices) { graph.nodes[$0].name }
    for node in graph.nodes where !known.contains(node.name) {
      let group = groups[node.name] ?? [node.name]
      known.formUnion(group)
      let nodes = Set(group).flatMap { layers[$0] ?? [] }.sorted().map { graph.nodes[$0] }
      add(
        LayerTimes.Row(
          name: group.joined(separator: "+"),
          type: nodes.map(\.declaration.typeName).joined(separator: "+"),
          forwardFlops: nodes.reduce(0) { $0 + graph.flops(of: $1) },
          backwardFlops: graph.phase == .test
            ? 0 : nodes.reduce(0) { $0 + RowTable.backwardFlops(of: $1, graph, needed) }),
        of: group)
    }
    for parameter in graph.parameters where places[parameter.name] == nil {
      places[parameter.name] = places[parameter.owner]
    }
  }

  /// As many as forward for the gradient of the inputs, and as many for those of the parameters,
  /// where there are any.
  private static func backwardFlops(
    of node: Graph.Node, _ graph: Graph, _ needed: Set<Int>
  ) -> Double {
    let hasInputs = node.bottoms.contains(where: needed.contains)
    let hasParameters = node.parameters.contains { graph.parameters[$0].isTrainable }
    return Double((hasInputs ? 1 : 0) + (hasParameters ? 1 : 0)) * graph.flops(of: node)
  }

  private mutating func add(_ row: LayerTimes.Row, of names: [String]) {
    for name in names { places[name] = rows.count }
    rows.append(row)
  }

  mutating func add(_ works: [PlanTimer.Work], _ seconds: [Double]) {
    for (work, seconds) in zip(works, seconds) {
      let place = place(of: work)
      if work.isBackward { rows[place].backward += seconds } else { rows[place].forward += seconds }
    }
  }

  mutating func addUpdate(_ works: [PlanTimer.Work], _ seconds: [Double]) {
    for (work, seconds) in zip(works, seconds) { rows[place(of: work)].update += seconds }
  }

  /// The row of a work; what is of no layer has one of its own.
  private mutating func place(of work: PlanTimer.Work) -> Int {
    let name = work.layers.first ?? ""
    if let place = places[name] { return place }
    add(LayerTimes.Row(name: name, type: "", forwardFlops: 0, backwardFlops: 0), of: [name])
    return rows.count - 1
  }
}

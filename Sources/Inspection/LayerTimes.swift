package import DataFiles
internal import DataSources
internal import Expressions
package import Files
internal import Kernels
internal import ModelFiles
package import Networks
internal import Plans
internal import Threads
internal import Training
internal import YAML

/// The times of the layers of a step on one thread, and the time of the whole step as it normally
/// runs.
///
/// Every time is the median over `repeats` runs, after some warm-up runs. Layers with fused
/// operations share one row. The work of summing slices, joint steps and packing weights counts for
/// the layers that need it.
package struct LayerTimes: Sendable {
  package struct Row: Sendable {
    /// The name of the layer, or a name such as `conv1+relu1` for layers with fused operations.
    package let name: String
    package let type: String
    /// The times in seconds.
    package fileprivate(set) var forward = 0.0
    package fileprivate(set) var backward = 0.0
    package fileprivate(set) var update = 0.0
    package let forwardFlops: Double
    package let backwardFlops: Double

    package var total: Double { forward + backward + update }
  }

  package let phase: DataPhase
  package let rows: [Row]
  /// The seconds of a whole step on all threads. A training step includes the update.
  package let step: Double
  package let threads: Int
  /// The seconds for which a step waits for its batch. Nil when all examples lie in memory as the
  /// network reads them.
  package let waiting: Double?
  package let repeats: Int
  package let batchSize: Int

  /// The sum of the seconds of all rows.
  package var sum: Double { rows.reduce(0) { $0 + $1.total } }

  /// The number of warm-up runs, which are not counted.
  private static let warmUpCount = 3

  /// Measures the times of a step.
  ///
  /// - Parameter step: A step of the train phase is timed in both directions with the update. A
  ///   step of the test phase is timed forward only.
  /// - Throws: ``RunFailure`` if the memory does not suffice, or an example cannot be read.
  package init(
    _ step: FirstStep, threads: Int, loaders: Int? = nil, repeats: Int
  ) throws(RunFailure) {
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
    // Restores the weights before each run, so that diverging weights do not change the work.
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
    waiting = try LayerTimes.waiting(step, loaders: loaders, repeats: repeats)
  }

  /// Returns the mean seconds for which steps wait for their batches. Nil when no batch is loaded.
  ///
  /// The first batch is not counted, because nothing could be loaded ahead of it.
  private static func waiting(
    _ step: FirstStep, loaders: Int?, repeats: Int
  ) throws(RunFailure) -> Double? {
    guard let part = step.part, !part.examples.loadedTops.isEmpty,
      part.order.batch(0).count == part.order.batchSize
    else { return nil }
    let plan: NetworkPlan
    let source: BatchSource
    do throws(KernelError) {
      source = try BatchSource(
        part.examples, batchSize: part.order.batchSize, shuffles: part.order.shuffles,
        seed: part.order.seed, isTraining: step.graph.phase == .train,
        loaders: loaders ?? Trainer.loaderCount(threads: step.workers.count))
      plan = try NetworkPlan(
        step.graph, purpose: purpose(step.graph.phase), store: step.store, source: source,
        shards: step.model.file.solver.shards, cache: step.cache)
    } catch {
      throw .environment(error.message)
    }
    source.begin(epoch: 0)
    let batches = part.examples.count / part.order.batchSize
    let count = min(repeats + 1, batches)
    var seconds = 0.0
    for batch in 0..<count {
      let begin = MonotonicClock.seconds
      try step.model.file.data.locating { () throws(DataFailure) in
        try source.select(batch: batch)
      }
      if batch > 0 { seconds += MonotonicClock.seconds - begin }
      plan.plan.run(on: step.workers)
    }
    return seconds / Double(max(1, count - 1))
  }

  /// Returns the purpose of the plan of a phase.
  package static func purpose(_ phase: DataPhase) -> NetworkPlan.Purpose {
    phase == .train ? .training : .testing
  }

  /// Returns the median: the middle value, or the mean of the two middle values.
  package static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    guard let last = sorted.indices.last else { return 0 }
    return (sorted[last / 2] + sorted[(last + 1) / 2]) / 2
  }
}

/// The rows, and the assignment of layers to rows.
private struct RowTable {
  private(set) var rows: [LayerTimes.Row] = []
  /// The row of each layer and parameter, by name.
  private var places: [String: Int] = [:]

  /// Makes a row for each group of layers with a fused operation, in the order of computation.
  init(_ graph: Graph, _ works: [PlanTimer.Work]) {
    let needed = graph.blobsThatNeedGradients
    add(LayerTimes.Row(name: "data", type: "", forwardFlops: 0, backwardFlops: 0), of: ["data"])
    var known: Set<String> = []
    // The largest group of each layer, by the layer's name, as the names in that group.
    var groups: [String: [String]] = [:]
    // A backward step may be fused with the gradient of another group's nonlinearity.
    for layers in works.filter({ !$0.isBackward }).map(\.layers) {
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

  /// Returns the operations of the backward pass.
  ///
  /// The gradient of the inputs takes as many operations as the forward pass. So do the gradients
  /// of the parameters. A gradient that is not computed takes none.
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

  /// Returns the row of a piece of work. Work that belongs to no layer gets its own row.
  private mutating func place(of work: PlanTimer.Work) -> Int {
    let name = work.layers.first ?? ""
    if let place = places[name] { return place }
    add(LayerTimes.Row(name: name, type: "", forwardFlops: 0, backwardFlops: 0), of: [name])
    return rows.count - 1
  }
}

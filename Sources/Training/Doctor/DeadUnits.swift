internal import DataSources
internal import Files
internal import Kernels
internal import Layers
internal import Networks
internal import Tensors

/// Finds units before a ReLU that output 0 for all examples, from their gradients.
///
/// A unit gets no gradient from an example for which its ReLU outputs 0. A unit without a gradient
/// in a whole window of updates is dead. A window has at least 10 inspected updates with 1,000
/// examples, and covers an epoch. The warning needs more than 40 % dead units in a layer, because a
/// quarter is usual in a network that learns well.
///
/// An update in which no unit of a layer has a gradient counts under two conditions. The next layer
/// must have gradients, and its weights must not all be 0. Otherwise a later layer blocks the
/// gradients.
struct DeadUnits {
  /// A layer with dead units.
  struct Finding {
    let units: Graph.RectifiedUnits
    let count: Int
    /// The number of inspected updates, and the first of them.
    let updates: Int
    let firstIteration: Int
  }

  /// The share of dead units that a layer may have without a warning.
  static let share = 0.4
  /// The least number of inspected updates of a window.
  private static let leastUpdates = 10
  /// The least number of examples of a window.
  private static let leastExamples = 1000
  /// The magnitude below which a gradient counts as underflow.
  private static let leastGradient: Float = 1e-30

  private var watches: [Watch] = []
  private let examplesPerUpdate: Int
  private let iterationsPerEpoch: Int

  /// Allocates the memory.
  ///
  /// - Throws: ``RunFailure/environment(_:)`` when the memory is not available.
  init(
    _ graph: Graph, _ update: UpdatePlan, _ store: ParameterStore, _ order: EpochOrder,
    iterationSize: Int
  ) throws(RunFailure) {
    examplesPerUpdate = max(min(order.batchSize, order.count), 1) * iterationSize
    iterationsPerEpoch = (order.batchCount - 1) / iterationSize + 1
    for units in graph.rectifiedUnits {
      guard let gradient = update.gradient(units.parameter) else { continue }
      guard let flags = Storage<UInt8>(count: units.unitCount) else {
        throw .environment("not enough memory to inspect \(units.unitCount) units")
      }
      let origin = units.origin.flatMap { origin in
        update.gradient(origin.bias).map { ($0, store.value(origin.weight)) }
      }
      watches.append(
        Watch(
          units: units, gradient: gradient, run: store.runInMemory(units.run, of: units.parameter),
          flags: flags, origin: origin))
    }
  }

  /// Inspects the gradients of an update.
  ///
  /// - Returns: the layers whose window ends with this update and has dead units. Each layer is
  ///   reported once.
  mutating func inspect(iteration: Int) -> [Finding] {
    var findings: [Finding] = []
    for index in watches.indices where !watches[index].isReported {
      guard watches[index].inspect(iteration: iteration) else { continue }
      let watch = watches[index]
      guard watch.updateCount >= DeadUnits.leastUpdates,
        watch.updateCount >= (DeadUnits.leastExamples - 1) / examplesPerUpdate + 1,
        iteration - watch.firstIteration + 1 >= iterationsPerEpoch
      else { continue }
      let dead = watch.units.unitCount - watch.aliveCount
      if Double(dead) > DeadUnits.share * Double(watch.units.unitCount) {
        watches[index].isReported = true
        findings.append(
          Finding(
            units: watch.units, count: dead, updates: watch.updateCount,
            firstIteration: watch.firstIteration))
      }
      watches[index].begin()
    }
    return findings
  }

  /// The state of one ReLU.
  private struct Watch {
    let units: Graph.RectifiedUnits
    let gradient: FloatView
    /// The number of successive elements in memory that belong to one unit.
    let run: Int
    /// For each unit, 1 after it had a gradient.
    let flags: Storage<UInt8>
    /// The gradients and weights of the next layer, which show whether gradients arrive at all.
    let origin: (gradient: FloatView, weight: FloatView)?
    private(set) var aliveCount = 0
    private(set) var updateCount = 0
    private(set) var firstIteration = 0
    var isReported = false

    init(
      units: Graph.RectifiedUnits, gradient: FloatView, run: Int, flags: Storage<UInt8>,
      origin: (gradient: FloatView, weight: FloatView)?
    ) {
      self.units = units
      self.gradient = gradient
      self.run = run
      self.flags = flags
      self.origin = origin
    }

    /// Begins the next window.
    mutating func begin() {
      View(flags).fill(with: 0)
      (aliveCount, updateCount) = (0, 0)
    }

    /// Counts an update. Returns false when it does not count.
    mutating func inspect(iteration: Int) -> Bool {
      if aliveCount < units.unitCount {
        guard markAlive() || hasOrigin else { return false }
      }
      if updateCount == 0 { firstIteration = iteration }
      updateCount += 1
      return true
    }

    /// Marks the units with a gradient. Returns false when no unit has one.
    private mutating func markAlive() -> Bool {
      let (gradient, alive, run, unitCount) = (gradient, View(flags), run, units.unitCount)
      var (found, isAny, start) = (0, false, 0)
      while start < gradient.count {
        for unit in 0..<unitCount {
          for place in start..<start + run where gradient[place] != 0 {
            isAny = true
            if alive[unit] == 0 {
              alive[unit] = 1
              found += 1
            }
            break
          }
          start += run
        }
        if aliveCount + found == unitCount { break }
      }
      aliveCount += found
      return isAny
    }

    /// Whether a gradient arrives at the ReLU.
    private var hasOrigin: Bool {
      guard let origin else { return false }
      return (0..<origin.gradient.count).contains {
        abs(origin.gradient[$0]) > DeadUnits.leastGradient
      } && (0..<origin.weight.count).contains { origin.weight[$0] != 0 }
    }
  }
}

extension ParameterStore {
  /// Converts the number of successive elements of one unit from the order of a file to that of
  /// memory.
  fileprivate func runInMemory(_ run: Int, of index: Int) -> Int {
    let declaration = parameters[index].declaration
    guard declaration.order == .columnMajor, declaration.shape.rank == 2 else { return run }
    return run == 1 ? declaration.shape[0] : 1
  }
}

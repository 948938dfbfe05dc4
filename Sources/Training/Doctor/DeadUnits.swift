internal import DataSources
internal import Files
internal import Kernels
internal import Layers
internal import Networks
internal import Tensors

/// Units before a ReLU that pass nothing, told by their gradients.
///
/// Nothing comes back to a unit from an example for which the ReLU is closed. A unit to which nothing
/// came back in any update of a window is dead. A window has at least 10 looked-at updates, 1,000 of
/// their examples and the updates of an epoch; more than 40 % of a layer's units are told,
/// since a network that learns well may have a quarter of them.
///
/// A look at which nothing came back to any unit of a layer counts only if gradients did come to the
/// layer after it, through weights that are not all 0: otherwise what is behind holds them up.
struct DeadUnits {
  struct Finding {
    let units: Graph.RectifiedUnits
    let count: Int
    /// Looked-at updates, and the first of them.
    let looks: Int
    let firstIteration: Int
  }

  static let share = 0.4
  private static let looks = 10
  private static let examples = 1000
  /// A gradient below that is lost on its way.
  private static let leastGradient: Float = 1e-30

  private var watches: [Watch] = []
  private let examplesPerLook: Int
  private let iterationsPerEpoch: Int

  /// - Throws: ``RunFailure/environment(_:)`` if the memory is not there.
  init(
    _ graph: Graph, _ update: UpdatePlan, _ store: ParameterStore, _ order: EpochOrder,
    iterationSize: Int
  ) throws(RunFailure) {
    examplesPerLook = max(min(order.batchSize, order.count), 1) * iterationSize
    iterationsPerEpoch = (order.batchCount - 1) / iterationSize + 1
    for units in graph.rectifiedUnits {
      guard let gradient = update.gradient(units.parameter) else { continue }
      guard let flags = Storage<UInt8>(count: units.unitCount) else {
        throw .environment("no memory to look at \(units.unitCount) units")
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

  /// Looks at the gradients of an update.
  ///
  /// - Returns: the layers whose window ends with it, and has dead units. Each is told once.
  mutating func look(iteration: Int) -> [Finding] {
    var findings: [Finding] = []
    for index in watches.indices where !watches[index].isTold {
      guard watches[index].look(iteration: iteration) else { continue }
      let watch = watches[index]
      guard watch.looks >= DeadUnits.looks,
        watch.looks >= (DeadUnits.examples - 1) / examplesPerLook + 1,
        iteration - watch.firstIteration + 1 >= iterationsPerEpoch
      else { continue }
      let dead = watch.units.unitCount - watch.aliveCount
      if Double(dead) > DeadUnits.share * Double(watch.units.unitCount) {
        watches[index].isTold = true
        findings.append(
          Finding(
            units: watch.units, count: dead, looks: watch.looks,
            firstIteration: watch.firstIteration))
      }
      watches[index].begin()
    }
    return findings
  }

  /// One ReLU.
  private struct Watch {
    let units: Graph.RectifiedUnits
    let gradient: FloatView
    /// Elements of a unit that follow each other in memory.
    let run: Int
    /// By unit: 1 once something came back to it.
    let flags: Storage<UInt8>
    /// Whether gradients come at all: those behind the next weights, and these.
    let origin: (gradient: FloatView, weight: FloatView)?
    private(set) var aliveCount = 0
    private(set) var looks = 0
    private(set) var firstIteration = 0
    var isTold = false

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

    /// Begins another window.
    mutating func begin() {
      View(flags).fill(with: 0)
      (aliveCount, looks) = (0, 0)
    }

    /// False where the look tells nothing.
    mutating func look(iteration: Int) -> Bool {
      if aliveCount < units.unitCount {
        guard markAlive() || hasOrigin else { return false }
      }
      if looks == 0 { firstIteration = iteration }
      looks += 1
      return true
    }

    /// Marks the units with a gradient; false where there is none.
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

    /// Whether a gradient has come to the ReLU, whatever it passes.
    private var hasOrigin: Bool {
      guard let origin else { return false }
      return (0..<origin.gradient.count).contains {
        abs(origin.gradient[$0]) > DeadUnits.leastGradient
      } && (0..<origin.weight.count).contains { origin.weight[$0] != 0 }
    }
  }
}

extension ParameterStore {
  /// Elements of a unit that follow each other in memory, of as many in a file.
  fileprivate func runInMemory(_ run: Int, of index: Int) -> Int {
    let declaration = parameters[index].declaration
    guard declaration.order == .columnMajor, declaration.shape.rank == 2 else { return run }
    return run == 1 ? declaration.shape[0] : 1
  }
}

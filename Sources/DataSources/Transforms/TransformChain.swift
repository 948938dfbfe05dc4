package import DataFiles
internal import Tensors
internal import YAML

/// The transforms of a part, prepared for its tensors.
///
/// They run for each example when a batch is loaded, in the order of the model file.
package struct TransformChain: Sendable {
  /// A prepared transform.
  struct Step: Sendable {
    let action: Action
    /// The tensors that the step changes, by their place among the tensors of the data.
    let subjects: [Subject]
    let runsInTests: Bool
    let drawsInTests: Bool
    let stream: RandomStream

    /// Returns the random numbers of an example. Nil when a test draws none.
    func draws(example: Int, epoch: Int, isTraining: Bool) -> TransformDraws? {
      guard isTraining || drawsInTests else { return nil }
      return TransformDraws(stream.step(epoch), example: example)
    }
  }

  enum Action: Sendable {
    case example(any ExampleTransform)
    /// A run for each subject.
    case linear([LinearRun])
  }

  struct Subject: Sendable {
    let index: Int
    let kind: ValueKind
  }

  /// The mixing of a batch.
  struct Mixing: Sendable {
    let mixup: Mixup
    let runsInTests: Bool
    let stream: RandomStream
  }

  /// The tensors before the transforms.
  package let stored: [DataTop]
  /// The tensors after the transforms.
  package private(set) var tops: [DataTop]
  private(set) var steps: [Step] = []
  private(set) var mixing: Mixing?
  /// Whether the first step stands for transforms that data in memory get once, when they are read.
  /// It then uses the exact numbers of the source.
  private(set) var beginsExactly = false

  /// Prepares transforms.
  ///
  /// - Parameters:
  ///   - tops: the tensors of the data.
  ///   - first: the number of linear transforms at the start that data in memory get once. They are
  ///     rounded before later ones.
  ///   - outside: the class of pixels that a transform adds.
  ///   - statistics: the statistics for ``Standardize``. Without them, it changes nothing.
  /// - Throws: a failure of the field `transforms` when a transform does not suit the tensors.
  package init(
    _ declarations: [TransformDeclaration], of tops: [DataTop], first: Int = 0, seed: Int,
    outside: Float = 0, statistics: Standardization? = nil, phase: DataPhase
  ) throws(DataFailure) {
    stored = tops
    self.tops = tops
    var counts: [String: Int] = [:]
    var isStandardized = false
    for (place, declaration) in declarations.enumerated() {
      let merges = place != first
      counts[declaration.name, default: 0] += 1
      let stream = RandomStream(
        seed: seed,
        purpose: .augmentation(transform: "\(declaration.name) \(counts[declaration.name] ?? 1)"))
      do throws(TransformMistake) {
        guard mixing == nil else {
          throw TransformMistake("expected no transform after mixup")
        }
        if declaration.transform is Standardize {
          guard !isStandardized else {
            throw TransformMistake("expected at most one transform that standardizes")
          }
          isStandardized = true
        }
        try append(
          declaration, stream, outside: outside, statistics, keepsShape: isStandardized,
          merges: merges)
      } catch {
        throw .field(
          declaration.field,
          message: "\(phase.rawValue) data: transform \(declaration.name): \(error.message)",
          of: phase)
      }
    }
    beginsExactly = first > 0
  }

  private mutating func append(
    _ declaration: TransformDeclaration, _ stream: RandomStream, outside: Float,
    _ statistics: Standardization?, keepsShape: Bool, merges: Bool
  ) throws(TransformMistake) {
    let transform = declaration.transform
    let indices = try subjects(of: declaration)
    let subjects = indices.map { index -> Subject in
      let classes = tops[index].classes.map(\.count) ?? 0
      return Subject(
        index: index,
        kind: tops[index].hasClasses ? .classes(count: classes, outside: outside) : .numbers)
    }
    let before = tops
    for index in indices {
      let result = try transform.result(of: tops[index])
      guard !keepsShape || result.shape == tops[index].shape || tops[index].isTarget else {
        throw TransformMistake("expected before standardize, since it changes the shape")
      }
      tops[index] = result
    }
    try checkClasses(indices)
    if let mixup = transform as? Mixup {
      mixing = Mixing(mixup: mixup, runsInTests: declaration.runsInTests, stream: stream)
    } else if let transform = transform as? any LinearTransform {
      append(
        transform, subjects, before, statistics, runsInTests: declaration.runsInTests, stream,
        merges: merges)
    } else if let transform = transform as? any ExampleTransform {
      steps.append(
        Step(
          action: .example(transform), subjects: subjects, runsInTests: declaration.runsInTests,
          drawsInTests: declaration.drawsInTests, stream: stream))
    }
  }

  /// Appends a linear transform to the run before it, if both change the same tensors.
  private mutating func append(
    _ transform: any LinearTransform, _ subjects: [Subject], _ before: [DataTop],
    _ statistics: Standardization?, runsInTests: Bool, _ stream: RandomStream, merges: Bool
  ) {
    var runs = subjects.map { _ in LinearRun() }
    if merges, let last = steps.last, case .linear(let known) = last.action,
      last.runsInTests == runsInTests,
      last.subjects.map(\.index) == subjects.map(\.index)
    {
      runs = known
      steps.removeLast()
    }
    var first = 0
    for (place, subject) in subjects.enumerated() {
      let top = before[subject.index]
      let part = statistics.map { $0.part(first..<first + top.width) }
      runs[place].append(transform.steps(for: top, part))
      first += top.width
    }
    steps.append(
      Step(
        action: .linear(runs), subjects: subjects, runsInTests: runsInTests, drawsInTests: false,
        stream: stream))
  }

  /// Returns the tensors that a transform changes.
  private func subjects(
    of declaration: TransformDeclaration
  ) throws(TransformMistake) -> [Int] {
    if let name = declaration.top {
      guard let index = tops.firstIndex(where: { $0.name == name }) else {
        throw TransformMistake(
          "top: expected one of \(tops.map(\.name).quotedList), received '\(name.quotable)'")
      }
      return [index]
    }
    let inputs = tops.indices.filter { !tops[$0].isTarget }
    let classes = tops.indices.filter { tops[$0].isTarget && tops[$0].hasClasses }
    if declaration.transform is Mixup { return Array(tops.indices) }
    switch (declaration.transform as? any ExampleTransform)?.scope ?? .inputs {
    case .inputs: return inputs
    case .pixels: return inputs + classes.filter { tops[$0].shape.rank == 2 }
    case .classes:
      guard !classes.isEmpty else {
        throw TransformMistake("expected a target with classes, received none")
      }
      return classes
    }
  }

  /// Checks that a transform that moves pixels leaves images and their classes with one size.
  private func checkClasses(_ indices: [Int]) throws(TransformMistake) {
    guard let image = indices.first(where: { !tops[$0].isTarget }),
      let size = try? tops[image].image().size
    else { return }
    for index in indices where tops[index].isTarget && tops[index].shape.rank == 2 {
      guard let classes = try? tops[index].image().size, classes != size else { continue }
      throw TransformMistake(
        "expected '\(tops[index].name.quotable)' of the size of '\(tops[image].name.quotable)' "
          + "(\(size.description)), received \(classes.description); 'top' names the tensor to change"
      )
    }
  }

  /// The chain of the first step alone. Nil when data in memory get no transform once.
  package var exactStart: TransformChain? {
    guard beginsExactly else { return nil }
    var start = self
    (start.steps, start.mixing, start.tops) = (Array(steps.prefix(1)), nil, stored)
    return start
  }

  /// Whether batches are mixed.
  package func mixes(isTraining: Bool) -> Bool {
    mixing.map { isTraining || $0.runsInTests } ?? false
  }

  /// Whether the chain changes a tensor.
  package func changes(_ index: Int) -> Bool {
    mixing != nil || steps.contains { $0.subjects.contains { $0.index == index } }
  }
}

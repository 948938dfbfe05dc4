package import DataFiles
internal import Tensors
internal import YAML

/// Loads single examples of a data set: reads them, and applies the transforms.
///
/// Each thread has a loader of its own, which keeps its memory for the next example.
package struct ExampleLoader {
  private let tensors: [ExampleTensor]
  private let chain: TransformChain?
  private let tops: [DataTop]
  private let isTraining: Bool
  /// The places of the tensors to load.
  private let indices: [Int]
  private var values: [ExampleValues]
  private let cursors: [(any ExampleCursor)?]
  private var numbers: [Double] = []
  /// For each tensor, the number of first transforms that are computed while it is decoded.
  private let fitted: [Int]

  /// - Parameters:
  ///   - names: the tensors to load. Others stay empty.
  ///   - isTraining: whether to apply the transforms for training.
  package init(_ dataset: Dataset, _ names: [String]? = nil, isTraining: Bool) {
    tensors = dataset.tensors
    chain = dataset.transforms
    tops = dataset.tops
    self.isTraining = isTraining
    indices = tensors.indices.filter { names?.contains(dataset.tensors[$0].name) ?? true }
    values = tensors.map { _ in ExampleValues() }
    fitted = dataset.tensors.indices.map { ExampleLoader.fittedCount($0, dataset) }
    cursors = tensors.map {
      if case .onDemand(let examples) = $0.storage { examples.reader.makeCursor() } else { nil }
    }
  }

  /// Loads an example.
  ///
  /// - Parameters:
  ///   - example: its number in the data set.
  ///   - epoch: the epoch, which decides the random numbers.
  /// - Throws: a failure that names the file.
  package mutating func load(_ example: Int, epoch: Int) throws(DataFailure) {
    for index in indices { try read(index, example, epoch) }
    for (place, step) in (chain?.steps ?? []).enumerated() where isTraining || step.runsInTests {
      try apply(step, place, example, epoch)
    }
    for index in indices { try check(index, example) }
  }

  private mutating func apply(
    _ step: TransformChain.Step, _ place: Int, _ example: Int, _ epoch: Int
  ) throws(DataFailure) {
    let draws = step.draws(example: example, epoch: epoch, isTraining: isTraining)
    for (number, subject) in step.subjects.enumerated() where indices.contains(subject.index) {
      guard place >= fitted[subject.index] else { continue }
      switch step.action {
      case .example(let transform): transform.apply(&values[subject.index], subject.kind, draws)
      case .linear(let runs):
        if place == 0, try readNumbers(subject.index, example) {
          runs[number].finish(&values[subject.index], &numbers)
        } else {
          runs[number].apply(&values[subject.index], &numbers)
        }
      }
    }
  }

  /// Reads the exact numbers of an example for transforms at the start. Returns false when its float32
  /// numbers are exact, or when there are no such transforms.
  private mutating func readNumbers(_ index: Int, _ example: Int) throws(DataFailure) -> Bool {
    guard chain?.beginsExactly == true, case .onDemand(let examples) = tensors[index].storage,
      !examples.reader.isExact
    else { return false }
    try cursors[index]?.readNumbers(examples[example], into: &numbers)
    return true
  }

  /// Reads the stored values of a tensor.
  private mutating func read(_ index: Int, _ example: Int, _ epoch: Int) throws(DataFailure) {
    let tensor = tensors[index]
    switch tensor.storage {
    case .floats(let floats):
      reshape(index)
      let (buffer, width) = unsafe (floats.buffer, tensor.width)
      let start = example * width
      values[index].withMutableValues { target in
        for place in 0..<width { unsafe target[place] = buffer[start + place] }
      }
    case .bytes(let bytes, let table):
      reshape(index)
      let (buffer, width) = unsafe (bytes.buffer, tensor.width)
      let start = example * width
      let part = buffer.extracting(start..<start + width)
      let span = unsafe part.span
      values[index].withMutableValues { table.write(span, at: 0, to: &$0) }
    case .onDemand(let examples):
      let fit = fitted[index] > 0 ? fit(index, example, epoch) : nil
      try cursors[index]?.read(examples[example], fit, into: &values[index])
      if examples.reader.hasOneShape { reshape(index) }
    }
  }

  private mutating func reshape(_ index: Int) {
    let shape = tensors[index].top.shape
    switch shape.rank {
    case 3: values[index].reshape(channels: shape[0], height: shape[1], width: shape[2])
    case 2: values[index].reshape(channels: 1, height: shape[0], width: shape[1])
    default: values[index].reshape(channels: 1, height: 1, width: shape.count)
    }
  }

  /// Checks that an example has the shape of the first one.
  private func check(_ index: Int, _ example: Int) throws(DataFailure) {
    let (axes, values) = (tops[index].shape.axes, values[index])
    // A mask has no axis of channels.
    guard case .onDemand(let examples) = tensors[index].storage, !examples.reader.hasOneShape,
      (2...3).contains(axes.count),
      (axes.count == 3 ? [values.channels] : []) + [values.height, values.width] != axes
    else { return }
    let size = axes.suffix(2).map(String.init).joined(separator: "x")
    throw .content(
      "\(examples.reader.name(of: examples[example])): expected \(size) pixels, as in "
        + "the first image, received \(values.size.description): the transforms resize and crop make "
        + "sizes equal")
  }

  /// Returns the share of an example in the mixture with the next one. Nil when batches are not mixed.
  package func mixingShare(epoch: Int, batch: Int) -> Float? {
    guard let mixing = chain?.mixing, isTraining || mixing.runsInTests else { return nil }
    return mixing.mixup.share(TransformDraws(mixing.stream.step(epoch), example: batch))
  }

  /// Calls `body` with the loaded values of a tensor.
  func withValues(of name: String, _ body: (Span<Float>) -> Void) {
    guard let index = indices.first(where: { tensors[$0].name == name }) else { return }
    values[index].withValues(body)
  }

  /// Appends the loaded values of a tensor.
  package func append(_ name: String, to target: inout [Float]) {
    withValues(of: name) { values in
      for place in values.indices { target.append(values[place]) }
    }
  }

  /// Copies the loaded values of a tensor.
  package func copy(_ name: String, to target: inout MutableSpan<Float>) {
    withValues(of: name) { values in
      precondition(values.count == target.count, "an example fills its place")
      for place in values.indices { target[place] = values[place] }
    }
  }
}

extension ExampleLoader {
  /// The number of the first transforms that are computed while an image is decoded: a resize, a crop
  /// without padding, and a horizontal mirror, in this order.
  private static func fittedCount(_ index: Int, _ dataset: Dataset) -> Int {
    guard case .onDemand(let examples) = dataset.tensors[index].storage,
      !examples.reader.hasOneShape, !dataset.tensors[index].top.hasClasses,
      let chain = dataset.transforms
    else { return 0 }
    var stage = 0
    for (place, step) in chain.steps.enumerated() {
      guard step.subjects.contains(where: { $0.index == index }),
        case .example(let transform) = step.action
      else { return place }
      switch transform {
      case is Resize where stage < 1: stage = 1
      case let crop as Crop where stage < 2 && crop.pad == 0: stage = 2
      case let mirror as Mirror where stage < 3 && mirror.direction == .horizontal: stage = 3
      default: return place
      }
    }
    return chain.steps.count
  }

  /// Returns the change of an image by the first transforms.
  private func fit(_ index: Int, _ example: Int, _ epoch: Int) -> ImageFit? {
    let steps = (chain?.steps ?? []).prefix(fitted[index])
    let (example, isTraining) = (example, isTraining)
    return { size in
      var resized = size
      var box: PixelBox?
      var isMirrored = false
      for step in steps where isTraining || step.runsInTests {
        guard case .example(let transform) = step.action else { continue }
        let draws = step.draws(example: example, epoch: epoch, isTraining: isTraining)
        switch transform {
        case let resize as Resize: resized = resize.size.resized(size)
        case let crop as Crop:
          let side = crop.size.cropped
          guard side.height <= resized.height, side.width <= resized.width else { return nil }
          let place = crop.place(in: resized, draws)
          box = PixelBox(top: place.top, left: place.left, size: side)
        case let mirror as Mirror: isMirrored = mirror.mirrors(draws)
        default: break
        }
      }
      return ImageGeometry(resizedTo: resized, box: box, isMirrored: isMirrored)
    }
  }
}

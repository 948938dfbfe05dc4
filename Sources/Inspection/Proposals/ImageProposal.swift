internal import DataFiles
internal import DataSources
internal import Files
internal import YAML

/// A model file that `dlrun init` proposes for a folder of images.
struct ImageProposal {
  let summary: String
  private let census: ImageCensus
  private let folder: String
  private let testFolder: String?
  private let modelPath: String
  /// The side to which larger images are resized. Nil when all images stay as they are.
  private let side: Int?

  /// The greatest side of the images of a small network.
  private static let sideLimit = 64
  /// The least side that the network can pool.
  private static let leastSide = 8
  /// The least number of images of a training and a test.
  private static let leastCount = 10
  /// The wanted number of iterations. At least 5 and at most 50 epochs.
  private static let iterations = 3000
  private static let batchSize = 32

  /// Reads the headers of all images.
  ///
  /// - Throws: ``RunFailure`` when the folder does not suit a training.
  init(folder: String, modelPath: String) throws(RunFailure) {
    let parts = ImageCensus.parts(in: folder)
    do throws(DataFailure) {
      census = try ImageCensus(folder: parts?.train ?? folder)
      if let test = parts?.test { _ = try ImageCensus(folder: test) }
    } catch {
      if case .io(let message, _, _) = error { throw .environment(message) }
      throw .refusedInput(error.message)
    }
    guard census.count >= ImageProposal.leastCount else {
      throw .refusedInput(
        "\(folder.quotable): expected at least \(ImageProposal.leastCount) images, received "
          + "\(census.count)")
    }
    (self.folder, testFolder) = (parts?.train ?? folder, parts?.test)
    self.modelPath = modelPath
    let shorter = min(census.least.height, census.least.width)
    let isSmall = max(census.greatest.height, census.greatest.width) <= ImageProposal.sideLimit
    side =
      census.hasOneSize && isSmall && shorter >= ImageProposal.leastSide
      ? nil : max(ImageProposal.leastSide, min(ImageProposal.sideLimit, shorter / 8 * 8))
    summary =
      "\(census.count.grouped) images, classification (\(census.classes.count) classes)"
  }

  private var color: String { census.isGray ? "gray" : "rgb" }

  /// The height and width of an example.
  private var size: PixelSize {
    guard let side else { return census.least }
    return census.hasOneSize
      ? census.least.shorterSide(side) : PixelSize(height: side, width: side)
  }

  var text: String {
    var lines = ProposalLines()
    lines.addHead(
      "\(folder.escapingControls): classification of images (\(census.classes.count) classes)",
      name: ModelName.of(modelPath, else: folder), modelPath: modelPath, input: "images")
    addData(&lines)
    lines.add()
    addNetwork(&lines)
    lines.add()
    addSolver(&lines)
    return lines.text
  }

  private func addData(_ lines: inout ProposalLines) {
    let classes = census.classes.map { (text: $0.name, count: $0.count) }
    lines.add("data:")
    if testFolder == nil {
      lines.add(
        "  split: {fraction: 0.8, seed: 1, stratify: true}",
        comment: "the share of the images that trains; the others test")
    }
    lines.add("  train:")
    lines.add("    source: images")
    lines.add(
      "    folder: \(RelativePath.from(modelPath, to: folder).modelWord)",
      comment: ColumnRules.counts(classes, "classes"))
    lines.add(
      "    color: \(color)",
      comment: census.isGray ? "no image has colors" : "some images have colors")
    let sizes =
      census.hasOneSize
      ? "all images are \(census.least.description)"
      : "the images are \(census.least.height) to \(census.greatest.height) high and "
        + "\(census.least.width) to \(census.greatest.width) wide"
    if let side {
      let crop = census.hasOneSize ? "" : ", {type: crop, size: \(side)}"
      lines.add("    transforms: [{type: resize, size: \(side)}\(crop)]", comment: sizes)
    } else {
      lines.addComment("Without resize and crop: \(sizes).", indent: "    ")
    }
    lines.add("    mean: 127.5")
    lines.add("    scale: 0.0078125", comment: "inputs from -1 to 1")
    lines.add("    batch_size: \(ImageProposal.batchSize)")
    if let testFolder {
      let path = RelativePath.from(modelPath, to: testFolder).modelWord
      lines.add(
        "  test: {source: images, folder: \(path), color: \(color), batch_size: 100}")
    } else {
      lines.add("  test: {batch_size: 100}")
    }
  }

  private func addNetwork(_ lines: inout ProposalLines) {
    lines.addComment("Convolutions, and halved images while at least 4 pixels remain.")
    lines.add("network:")
    var (width, rest, block) = (16, min(size.height, size.width), 1)
    while block <= 3, rest >= 8 {
      lines.add(
        "  - {name: conv\(block), type: Convolution, num_output: \(width), kernel_size: 3, pad: 1, "
          + "weight_filler: msra}")
      lines.add("  - {name: relu\(block), type: ReLU}")
      lines.add("  - {name: pool\(block), type: Pooling, pool: max, kernel_size: 2, stride: 2}")
      (width, rest, block) = (width * 2, rest / 2, block + 1)
    }
    lines.add("  - {name: ip1, type: Linear, num_output: 64, weight_filler: msra}")
    lines.add("  - {name: relu_ip1, type: ReLU}")
    lines.add("  - {name: dropout, type: Dropout, dropout_ratio: 0.3}")
    lines.add("  - {name: scores, type: Linear, num_output: \(census.classes.count)}")
    lines.add("  - {name: loss, type: SoftmaxWithLoss}")
    lines.add("  - {name: accuracy, type: Accuracy, phase: test}")
  }

  private func addSolver(_ lines: inout ProposalLines) {
    let steps = max(1, census.count / ImageProposal.batchSize)
    let epochs = max(5, min(50, ImageProposal.iterations / steps))
    lines.add("solver:")
    lines.add("  type: AdamW")
    lines.add("  base_lr: 0.001")
    lines.add("  lr_policy: cosine", comment: "falls to 0 at the end")
    lines.add("  weight_decay: 0.01")
    lines.add("  max_epochs: \(epochs)")
    lines.add("  test_interval: 1 epoch")
  }
}

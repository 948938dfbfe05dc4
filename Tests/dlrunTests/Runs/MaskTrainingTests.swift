import Oracles
import Testing

/// Trainings with a class for each pixel, from PNG files.
@Suite struct MaskTrainingTests {
  private let folder: TemporaryFolder

  /// Twelve images of 4x4 pixels. The bright pixels of an image have class 1. The files and the arrays
  /// have the same numbers.
  init() throws {
    folder = try TemporaryFolder()
    for name in ["photos", "masks"] { try folder.makeFolder(name) }
    var (pixels, classes): ([UInt8], [UInt8]) = ([], [])
    for index in 0..<12 {
      let image = (0..<16).map { UInt8(truncatingIfNeeded: 37 * ($0 + 1) * (index + 3) % 251) }
      let mask: [UInt8] = image.map { $0 > 120 ? 1 : 0 }
      func rows(_ values: [UInt8]) -> [[UInt8]] {
        stride(from: 0, to: 16, by: 4).map { Array(values[$0..<$0 + 4]) }
      }
      let name = index < 10 ? "0\(index)" : "\(index)"
      try folder.write(PNGFile.file(width: 4, rows(image)), to: "photos/\(name).png")
      try folder.write(PNGFile.file(width: 4, rows(mask)), to: "masks/\(name).png")
      pixels += image
      classes += mask
    }
    for (name, shape, bytes) in [
      ("x.npy", "(12, 1, 4, 4)", pixels), ("y.npy", "(12, 4, 4)", classes),
    ] {
      let header = Array("{'descr': '|u1', 'fortran_order': False, 'shape': \(shape)}\n".utf8)
      let start = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.count), 0]
      try folder.write(start + header + bytes, to: name)
    }
    try write("files.yaml", "source: images, folder: photos, masks: masks, color: gray")
    try write("arrays.yaml", "source: npy, inputs: x.npy, targets: y.npy, classes: 2")
  }

  private func write(_ name: String, _ source: String) throws {
    try folder.write(
      """
      name: m
      data:
        train: {\(source), batch_size: 5, scale: 0.00390625,
                transforms: [{type: crop, size: 3}, mirror]}
        test: {\(source), batch_size: 5}
      network:
        - {name: conv1, type: Convolution, num_output: 4, kernel_size: 3, pad: 1}
        - {name: relu1, type: ReLU}
        - {name: scores, type: Convolution, num_output: 2, kernel_size: 1}
        - {name: loss, type: SoftmaxWithLoss}
        - {name: mean_iou, type: MeanIoU, phase: test}
      solver: {type: Adam, base_lr: 0.05, max_epochs: 40, test_interval: 10 epochs}
      """, to: name)
  }

  private func run(_ arguments: [String]) throws -> Program.Result {
    let result = try Program.run(arguments, in: folder)
    #expect(result.exitCode == 0, "\(result.errors)")
    return result
  }

  @Test func filesTrainLikeArrays() throws {
    _ = try run(["arrays.yaml", "--output", "arrays"])
    for loaders in ["0", "2"] {
      _ = try run(["files.yaml", "--output", "files\(loaders)", "--loaders", loaders])
      for file in ["history.csv", "weights.safetensors"] {
        #expect(try folder.bytes("files\(loaders)/\(file)") == folder.bytes("arrays/\(file)"))
      }
    }
    let rows = try folder.text("arrays/history.csv").split(separator: "\n")
    let score = try #require(rows.last?.split(separator: ",").last.flatMap { Double($0) })
    #expect(score > 0.9)
  }

  @Test func filesAreCheckedAndPredicted() throws {
    let check = try run(["check", "files.yaml", "--data"])
    #expect(
      check.output.contains(
        "train: 12 examples (data 1x3x3, label 3x3: 2 classes); label: 0 "), "\(check.output)")
    _ = try run(["files.yaml", "--output", "run"])
    _ = try run(["predict", "run", "--input", "photos", "--output", "p.npy"])
    #expect(folder.contents.contains("p.npy"))
  }

  /// A label that is not a class ends the run when a batch needs it.
  @Test func labelBeyondTheClassesEndsTheRun() throws {
    try folder.write(
      PNGFile.file(width: 4, [[0, 1, 0, 1], [0, 7, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]]),
      to: "masks/07.png")
    let check = try Program.run(
      ["check", "files.yaml", "--data", "--set", "data.train.classes=2"], in: folder)
    #expect(check.exitCode == 1)
    #expect(
      check.errors.contains(
        "masks/07.png: row 1, column 1: expected a class from 0 to 1, received 7"),
      "\(check.errors)")
    let result = try Program.run(
      ["files.yaml", "--set", "data.train.classes=2", "--output", "run"], in: folder)
    #expect(result.exitCode == 1)
    #expect(
      result.errors.contains(
        "masks/07.png: row 1, column 1: expected a class from 0 to 1, received 7"),
      "\(result.errors)")
  }
}

import Oracles
import Testing

/// Predictions from folders of images, and from arrays on the standard input.
@Suite struct PredictionSourceTests {
  private let folder: TemporaryFolder

  /// Trains a network on grey images of 1x4 pixels, in the folder `run`.
  init() throws {
    folder = try TemporaryFolder()
    for name in ["p/dark", "p/light", "new/more"] { try folder.makeFolder(name) }
    for index in 0..<4 {
      try folder.write(PNGFile.grey([1, 9, UInt8(index), 3]), to: "p/dark/\(index).png")
      try folder.write(PNGFile.grey([220, 250, UInt8(200 + index), 230]), to: "p/light/\(index)")
    }
    for index in 0..<11 {
      let shade = UInt8(20 * index)
      let name = index < 6 ? "new/\(index).png" : "new/more/\(index)"
      try folder.write(PNGFile.grey([shade, 250 - shade, 3, shade]), to: name)
    }
    try folder.write(
      """
      data: {train: {source: images, folder: p, color: gray, scale: 0.00390625}}
      network:
        - {name: ip, type: Linear, num_output: 2}
        - {name: loss, type: SoftmaxWithLoss}
      solver: {base_lr: 1, max_iter: 5}
      """, to: "m.yaml")
    let result = try Program.run(["m.yaml", "--output", "run"], in: folder)
    try #require(result.exitCode == 0, "\(result.errors)")
  }

  private func predict(
    _ input: String, _ output: String, _ options: [String] = []
  ) throws -> Program.Result {
    try Program.run(
      ["predict", "run", "--input", input, "--output", output] + options, in: folder)
  }

  @Test func loadersChangeNoBit() throws {
    let expected = try predict("new", "-", ["--loaders", "0"])
    #expect(expected.exitCode == 0, "\(expected.errors)")
    #expect(expected.output.split(separator: "\n").count == 12)
    for loaders in ["1", "2", "5"] {
      #expect(try predict("new", "-", ["--loaders", loaders]).output == expected.output)
    }
    // The first damaged image ends the prediction, whichever thread decodes it.
    for name in ["new/3.png", "new/4.png", "new/more/9"] {
      var broken = try folder.bytes(name)
      broken[50] ^= 0xFF
      try folder.write(broken, to: name)
    }
    for loaders in ["0", "1", "4"] {
      let result = try predict("new", "y.csv", ["--loaders", loaders])
      #expect(result.exitCode == 1)
      #expect(result.errors.contains("new/3.png: byte "), "\(result.errors)")
      #expect(!folder.contents.contains("y.csv"))
    }
  }

  @Test func predictedImagesAreNotReplaced() throws {
    for name in ["new/3.png", "new/more/9"] {
      let before = try folder.bytes(name)
      let result = try predict("new", name, ["--overwrite"])
      #expect(result.exitCode == 1)
      #expect(
        result.errors
          == "error: --output '\(name)' lies in the folder of --input, whose files the command "
          + "reads: choose another name\n")
      #expect(try folder.bytes(name) == before)
    }
    try folder.write("before", to: "y.csv")
    #expect(try predict("new", "y.csv", ["--overwrite"]).exitCode == 0)
  }

  @Test func arraysComeFromTheStandardInput() throws {
    let header = Array("{'descr': '|u1', 'fortran_order': False, 'shape': (3, 1, 1, 4)}\n".utf8)
    let start = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.count), 0]
    try folder.write(start + header + (0..<12).map { UInt8(20 * $0) }, to: "x.npy")
    #expect(try predict("x.npy", "y.npy").exitCode == 0)
    for command in ["cat x.npy", "gzip -c x.npy"] {
      let piped = try Program.shell(
        "\(command) | $dlrun predict run --input - --output z.npy --overwrite", in: folder)
      #expect(piped.exitCode == 0, "\(piped.errors)")
      #expect(try folder.bytes("z.npy") == folder.bytes("y.npy"))
    }
    let cut = try Program.shell(
      "head -c 80 x.npy | $dlrun predict run --input - --output -", in: folder)
    #expect(cut.exitCode == 1)
    #expect(
      cut.errors.hasPrefix(
        "error: standard input: expected \(start.count + header.count + 12) bytes"),
      "\(cut.errors)")
    let other = try Program.shell(
      "gzip -c m.yaml | $dlrun predict run --input - --output -", in: folder)
    #expect(other.errors == "error: standard input: expected a NumPy or IDX file\n")
  }
}

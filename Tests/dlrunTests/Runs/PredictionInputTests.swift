import Oracles
import Testing

/// The inputs and the formats of `dlrun predict`.
@Suite struct PredictionInputTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Trains a network on a table of the columns a, b and label, in the folder `run`.
  private func train() throws {
    try folder.write("a,b,label\n1,2,x\n3,1,\"y\"\"\"\n2,2,x\n4,0,\"y\"\"\"\n", to: "t.csv")
    try folder.write(
      """
      data: {train: {source: csv, file: t.csv, target: label, batch_size: 4}}
      network:
        - {name: ip, type: Linear, num_output: 2}
        - {name: loss, type: SoftmaxWithLoss}
      solver: {base_lr: 0.1, max_iter: 5}
      """, to: "m.yaml")
    let result = try Program.run(["m.yaml", "--output", "run"], in: folder)
    try #require(result.exitCode == 0, "\(result.errors)")
  }

  private func predict(
    _ input: String, _ output: String, _ options: [String] = []
  ) throws -> Program.Result {
    try Program.run(
      ["predict", "run", "--input", input, "--output", output, "--overwrite"] + options,
      in: folder)
  }

  /// A column that is not read makes the blocks of the table shorter.
  @Test func theSizeOfThePiecesChangesNoBit() throws {
    try train()
    let note = String(repeating: "n", count: 400)
    let rows = (0..<9000).map { "\(Double($0) / 7),\($0 % 13)" }
    try folder.write("a,b\n" + rows.joined(separator: "\n"), to: "one.csv")
    try folder.write(
      "a,b,note\n" + rows.map { "\($0),\(note)" }.joined(separator: "\n"), to: "many.csv")
    #expect(try predict("one.csv", "1.csv").exitCode == 0)
    #expect(try predict("many.csv", "2.csv").exitCode == 0)
    let piped = try Program.shell(
      "cat many.csv | $dlrun predict run --input - --output - > 3.csv", in: folder)
    #expect(piped.exitCode == 0)
    let expected = try folder.bytes("1.csv")
    #expect(expected.count { $0 == UInt8(ascii: "\n") } == 9001)
    #expect(try folder.bytes("2.csv") == expected)
    #expect(try folder.bytes("3.csv") == expected)
  }

  /// The cells of a kept column are repeated as they are. It is not an input.
  @Test func keptColumnsComeBeforeThePredictions() throws {
    try folder.write("id,a,b,label\n1,1,2,x\n2,3,1,y\n3,2,2,x\n4,4,0,y\n", to: "t.csv")
    try folder.write(
      """
      data: {train: {source: csv, file: t.csv, target: label, keep: [id, note], batch_size: 4}}
      network:
        - {name: ip, type: Linear, num_output: 2}
        - {name: loss, type: SoftmaxWithLoss}
      solver: {base_lr: 0.1, max_iter: 5}
      """, to: "m.yaml")
    let unknown = try Program.run(["m.yaml", "--output", "run"], in: folder)
    #expect(unknown.exitCode == 1)
    #expect(unknown.errors.contains("expected column 'note'") || unknown.errors.contains("'note'"))
    let known = try folder.text("m.yaml").replacing("[id, note]", with: "[id]")
    try folder.write(known, to: "m.yaml")
    let trained = try Program.run(["m.yaml", "--output", "run"], in: folder)
    try #require(trained.exitCode == 0, "\(trained.errors)")
    #expect(trained.errors.isEmpty)
    try folder.write("b,id,a\n2,007,1\n0,,4\n0,\"a,\"\"b\",4\n2,007,1\n", to: "x.csv")
    #expect(try predict("x.csv", "y.csv").exitCode == 0)
    let lines = try folder.text("y.csv").split(separator: "\n")
    #expect(lines[0] == "id,class,probability_x,probability_y")
    #expect(lines[1].hasPrefix("007,x,") && lines[4] == lines[1])
    #expect(lines[2].hasPrefix(",y,"))
    #expect(lines[3].hasPrefix("\"a,\"\"b\",y,"))
    #expect(try predict("x.csv", "y.jsonl").exitCode == 0)
    #expect(try folder.text("y.jsonl").hasPrefix("{\"id\": \"007\", \"class\": \"x\", "))
    try folder.write("a,b\n1,2\n", to: "without.csv")
    let missing = try predict("without.csv", "y.csv")
    #expect(missing.exitCode == 1)
    #expect(missing.errors.contains("'id'"))
  }

  @Test func theEndingOrAnOptionNamesTheFormat() throws {
    try train()
    try folder.write("a,b\n1,2\n4,0\n", to: "x.csv")
    #expect(try predict("x.csv", "y.csv").exitCode == 0)
    #expect(try predict("x.csv", "y.jsonl").exitCode == 0)
    let cells = try folder.text("y.csv").split(separator: "\n").dropFirst().map {
      $0.replacing("\"y\"\"\"", with: "y\"").split(separator: ",")
    }
    let lines = cells.map {
      "{\"class\": \"\($0[0].replacing("\"", with: "\\\""))\", \"probability_x\": \($0[1]), "
        + "\"probability_y\\\"\": \($0[2])}\n"
    }
    #expect(cells.count == 2)
    #expect(try folder.text("y.jsonl") == lines.joined())
    let stated = try predict("x.csv", "-", ["--format", "jsonl"])
    #expect(stated.output == lines.joined())
    #expect(try predict("x.csv", "y.npy").exitCode == 0)
    let bytes = try folder.bytes("y.npy")
    let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2,), }"
    #expect(bytes.count == 128 + 16)
    let start: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0, 118, 0]
    #expect(Array(bytes.prefix(10)) == start)
    #expect(bytes.dropFirst(10).starts(with: header.utf8))
    let numbers = (0..<4).map { index -> Float in
      let start = 128 + 4 * index
      let bits = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[start + $1]) << UInt32(8 * $1) }
      return Float(bitPattern: bits)
    }
    #expect(numbers == cells.flatMap { [Float($0[1]), Float($0[2])] }.compactMap(\.self))
    // The values of an array are the inputs in their order.
    let other = try predict("y.npy", "-")
    #expect(other.exitCode == 0, "\(other.errors)")
    #expect(other.output.split(separator: "\n").count == 3)
    let stream = try Program.shell(
      "$dlrun predict run --input - --output z.npy < x.csv", in: folder)
    #expect(stream.exitCode == 1)
    #expect(
      stream.errors
        == "error: --format: npy states the number of rows before the first, which a table from "
        + "standard input does not tell: name a file, or write csv or jsonl\n")
  }

  @Test func aFailureInTheMiddleLeavesTheFileUnchanged() throws {
    try train()
    let rows = (0..<9000).map { $0 == 8000 ? "1,x" : "\($0),1" }
    try folder.write("a,b\n" + rows.joined(separator: "\n"), to: "x.csv")
    try folder.write("before", to: "y.csv")
    let result = try predict("x.csv", "y.csv")
    #expect(result.exitCode == 1)
    #expect(
      result.errors == """
        x.csv:8002:3: error: column 'b': expected a number, received 'x'
         8002 | 1,x
              |   ^

        """)
    #expect(try folder.text("y.csv") == "before")
    let names = folder.contents.filter { !$0.hasPrefix("run/") }
    #expect(names == ["m.yaml", "t.csv", "x.csv", "y.csv"])
    for (input, message) in [
      ("none.csv", "error: none.csv: expected a readable file: No such file or directory\n"),
      ("run/none", "error: run/none: expected a readable file: No such file or directory\n"),
    ] {
      let missing = try predict(input, "y.csv")
      #expect(missing.exitCode == 4)
      #expect(missing.errors == message)
    }
    let two = try predict("x.csv", "y.csv", ["--input", "t.csv"])
    #expect(
      two.errors
        == "error: --input: expected one input, since the network reads only 'data', received 2\n")
  }

  /// Images of 2x2 grey pixels: a white right half, and a white left half.
  private static let images = [
    "89504e470d0a1a0a0000000d494844520000000200000002080000000057dd52f80000000e4944415478da6360f8"
      + "cfc4c0000004080102eac9b2020000000049454e44ae426082",
    "89504e470d0a1a0a0000000d494844520000000200000002080000000057dd52f80000000e4944415478da63f8cf"
      + "c0c4c00000050701026f6bd4db0000000049454e44ae426082",
  ]

  private func write(_ image: Int, to name: String) throws {
    let text = PredictionInputTests.images[image]
    let bytes = stride(from: 0, to: text.utf8.count, by: 2).compactMap {
      UInt8(text.dropFirst($0).prefix(2), radix: 16)
    }
    try folder.write(bytes, to: name)
  }

  @Test func imagesAreNamed() throws {
    for name in ["p/left", "p/right", "new"] { try folder.makeFolder(name) }
    for index in 0..<2 {
      try write(0, to: "p/right/\(index).png")
      try write(1, to: "p/left/\(index).png")
    }
    try folder.write(
      """
      data: {train: {source: images, folder: p, color: gray, scale: 0.00390625}}
      network:
        - {name: ip, type: Linear, num_output: 2}
        - {name: loss, type: SoftmaxWithLoss}
      solver: {base_lr: 1, max_iter: 50}
      """, to: "m.yaml")
    let trained = try Program.run(["m.yaml", "--output", "run"], in: folder)
    try #require(trained.exitCode == 0, "\(trained.errors)")
    try write(1, to: "new/b.png")
    try write(0, to: "new/a, b.png")
    let result = try predict("new", "-")
    #expect(result.exitCode == 0, "\(result.errors)")
    let lines = result.output.split(separator: "\n")
    #expect(lines.first == "file,class,probability_left,probability_right")
    #expect(lines.dropFirst().first?.hasPrefix("\"a, b.png\",right,") ?? false)
    #expect(lines.last?.hasPrefix("b.png,left,") ?? false)
    let one = try predict("new/b.png", "-", ["--format", "jsonl"])
    #expect(one.output.hasPrefix("{\"file\": \"new/b.png\", \"class\": \"left\", "))
    try folder.write("text", to: "new/c.png")
    let bad = try predict("new", "-")
    #expect(bad.exitCode == 1)
    #expect(bad.errors == "error: new/c.png: byte 0: expected a PNG or JPEG file, received text\n")
    #expect(bad.output.isEmpty)
    try folder.makeFolder("empty")
    #expect(
      try predict("empty", "-").errors
        == "error: empty: expected image files, received an empty folder\n")
  }
}

import DataFiles
import DataSources
import Oracles
import Tensors
import Testing

/// Tests that transforms compute with the numbers of the file, and round once to float32.
@Suite struct ExactInputsTests {
  /// Twenty timestamps that float32 cannot distinguish. `halves` is a second column.
  static let stamps = (0..<20).map { 1_700_000_000 + 10 * $0 }
  static let halves = (0..<20).map { 0.1 * Double($0 * $0) }

  /// A file format for the inputs: timestamps and a second column, [20, 2], or only timestamps,
  /// [20, 1].
  struct Form: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let source: String
    let width: Int
    let bytes: @Sendable () -> [UInt8]
  }

  static func column<Number: FixedWidthInteger>(_ type: Number.Type) -> [UInt8] {
    stamps.flatMap { DataSourcesTests.bytes(Number($0)) }
  }

  /// Returns the bytes of [20, 2] doubles, by rows or by columns.
  static func doubles(fortran: Bool) -> [UInt8] {
    let rows = zip(stamps, halves).flatMap { [Double($0), $1] }
    let values = fortran ? stamps.map { Double($0) } + halves : rows
    return values.flatMap { bytes($0.bitPattern) }
  }

  static let forms = [
    Form(testDescription: "csv", source: "csv, file: x, target: y, task: regression", width: 2) {
      let rows = zip(stamps, halves).map { "\($0),\($1),1\n" }.joined()
      return Array(("a,b,y\n" + rows).utf8)
    },
    Form(testDescription: "npy float64", source: "npy, inputs: x", width: 2) {
      npy("<f8", "(20, 2)", doubles(fortran: false))
    },
    Form(testDescription: "npy float64 in Fortran order", source: "npy, inputs: x", width: 2) {
      npy("<f8", "(20, 2)", doubles(fortran: true), fortran: true)
    },
    Form(testDescription: "npy int64", source: "npy, inputs: x", width: 1) {
      npy("<i8", "(20, 1)", column(Int64.self))
    },
    Form(testDescription: "npy uint64", source: "npy, inputs: x", width: 1) {
      npy("<u8", "(20,)", column(UInt64.self))
    },
    Form(testDescription: "npy int32 in gzip", source: "npy, inputs: x", width: 1) {
      gzip(npy("<i4", "(20, 1)", column(Int32.self)))
    },
    Form(testDescription: "npy uint32", source: "npy, inputs: x", width: 1) {
      npy("<u4", "(20, 1)", column(UInt32.self))
    },
    Form(testDescription: "idx float64", source: "idx, images: x", width: 2) {
      let values = zip(stamps, halves).flatMap { [Double($0), $1] }
      return idx([20, 2], values.flatMap { bytes($0.bitPattern.bigEndian) }, type: 0x0E)
    },
  ]

  /// Returns the columns in double precision.
  private func columns(_ form: Form) -> [[Double]] {
    Array([Self.stamps.map { Double($0) }, Self.halves].prefix(form.width))
  }

  private func load(
    _ form: Form, _ fields: String, test: String? = nil
  ) throws -> (train: Dataset, test: Dataset?, standardization: Standardization?) {
    let folder = try TemporaryFolder()
    try folder.write(form.bytes(), to: "x")
    return try loadParts(
      train: declaration("{source: \(form.source)\(fields)}"),
      test: test.map { try declaration("{source: \(form.source)\($0)}", phase: .test) },
      directory: folder.path, seed: 3)
  }

  @Test(arguments: forms) func standardizationSubtractsBeforeItRounds(form: Form) throws {
    let (train, test, figures) = try load(
      form, ", standardize: true, rows: [0, 16]", test: ", rows: [16, 20]")
    let known = try #require(figures)
    for (column, values) in columns(form).enumerated() {
      let used = values.prefix(16)
      let mean = used[0] + used.reduce(0) { $0 + ($1 - used[0]) } / 16
      let deviation = (used.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 16).squareRoot()
      #expect(known.mean[column] == mean && known.deviation[column] == deviation)
      let results = values.map { Float(($0 - mean) / deviation) }
      #expect(Set(results).count == 20)
      #expect((0..<16).map { train.input($0)[column] } == Array(results.prefix(16)))
      #expect((0..<4).map { test?.input($0)[column] } == Array(results.suffix(4)))
    }
    #expect(train.remarks.isEmpty && test?.remarks.isEmpty == true)
  }

  @Test(arguments: forms) func meanAndScaleSubtractBeforeTheyRound(form: Form) throws {
    let (train, _, _) = try load(form, ", mean: 1700000000.5, scale: 0.1")
    for (column, values) in columns(form).enumerated() {
      #expect(
        (0..<20).map { train.input($0)[column] }
          == values.map { Float(($0 - 1_700_000_000.5) * 0.1) })
    }
    let (both, _, figures) = try load(
      form, ", mean: 1700000000, scale: 3, standardize: true, rows: 10")
    #expect(both.count == 10 && figures?.mean.first.map { abs($0) < 600 } == true)
    #expect(Set((0..<10).map { both.input($0)[0] }).count == 10)
  }

  /// Without a transform the timestamps become two values, and one remark says so.
  @Test(arguments: forms) func equalValuesAreReported(form: Form) throws {
    let (train, test, _) = try load(form, "", test: "")
    #expect(Set((0..<20).map { train.input($0)[0] }).count == 2)
    #expect(train.remarks.count == 1 && test?.remarks.isEmpty == true)
    let remark = try #require(train.remarks.first)
    #expect(remark.kind == .equalValues && remark.fields == ["inputs", "images", "file"])
    let start = form.source.hasPrefix("csv") ? "/x: column 'a': " : "/x: values [i"
    #expect(remark.message.contains(start))
    #expect(
      remark.message.contains(
        "20 different numbers become 2 in float32 (1700000000 and 1700000010 "
          + (form.source.hasPrefix("csv") ? "in rows 2 and 3" : "for i = 0 and 1")
          + " both become 1700000000): subtract a number near them with 'mean', or state "
          + "standardize: true"))
  }

  @Test func targetsThatBecomeEqualAreReported() throws {
    let rows = "1,16777216\n2,16777217\n3,5\n"
    let folder = try TemporaryFolder()
    try folder.write("x,y\n" + rows, to: "t.csv")
    let part = try declaration("{source: csv, file: t.csv, target: y, task: regression}")
    let train = try loadParts(train: part, test: nil, directory: folder.path, seed: 1).train
    #expect(
      train.remarks == [
        DataRemark(
          .equalValues, fields: ["target", "targets"],
          "\(folder.path)/t.csv: column 'y': 3 different numbers become 2 in float32 "
            + "(16777216 and 16777217 in rows 2 and 3 both become 16777216): subtract a number near "
            + "them from the targets in the file")
      ])
  }

  /// Rounding decimals, or the noise of an earlier computation, is harmless.
  @Test(arguments: [
    "0.1\n0.2\n0.30000000000000004\n0.3\n", "5.1\n4.9\n-1e-46\n3.3333333333333335\n",
    "1000000\n1000000.0625\n1000000\n2\n",
  ])
  func harmlessRoundingIsNotReported(cells: String) throws {
    let rows = cells.split(separator: "\n").map { "\($0),1\n" }.joined()
    let folder = try TemporaryFolder()
    try folder.write("x,y\n" + rows, to: "t.csv")
    let part = try declaration("{source: csv, file: t.csv, target: y, task: regression}")
    let train = try loadParts(train: part, test: nil, directory: folder.path, seed: 1).train
    #expect(train.remarks.isEmpty)
  }

  /// Two dates at the same distance from the turn of the year have the same cosine, up to the last
  /// bits. Near a quarter of the year, these bits are large beside the cosine.
  @Test func partsOfDatesAreNotReported() throws {
    let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    let rows = lengths.enumerated().flatMap { month, length in
      (1...length).map { day in
        "2023-\(month < 9 ? "0" : "")\(month + 1)-\(day < 10 ? "0" : "")\(day),1\n"
      }
    }
    let folder = try TemporaryFolder()
    try folder.write("x,y\n" + rows.joined(), to: "t.csv")
    for standardize in ["", ", standardize: true"] {
      let part = try declaration(
        "{source: csv, file: t.csv, target: y, task: regression, "
          + "inputs: [{column: x, type: date}]\(standardize)}")
      let train = try loadParts(train: part, test: nil, directory: folder.path, seed: 1).train
      #expect(train.remarks.isEmpty, "\(standardize)")
    }
  }

  /// Prediction applies the transform of training.
  @Test func tableForPredictionIsTransformedAlike() throws {
    let form = Self.forms[0]
    let (train, _, figures) = try load(form, ", mean: 3, standardize: true")
    let text = String(decoding: form.bytes(), as: UTF8.self)
    let data = try unlabelled(text, ["a", "b"])
    let scaling = InputScaling(mean: [3], scale: nil)
    let transform = try #require(InputTransform(scaling, figures))
    #expect(try transform.apply(to: data).inputValues == train.inputValues)
  }
}

import DataFiles
import DataSources
import Fields
import Foundation
import Oracles
import Tensors
import Testing

/// Tests the common behaviour of IDX and NumPy files, plain and gzip.
@Suite struct ArrayFileTests {
  /// A file that Python wrote, and its content.
  struct Case: CustomTestStringConvertible, Sendable {
    let name: String
    let form: String
    let bytes: [UInt8]
    let values: ReferenceTensor
    var testDescription: String { name }
  }

  static func cases() throws -> [Case] {
    try ReferenceFile("arrays").cases().map { node in
      let text = try node.required("bytes").requiredText()
      return Case(
        name: try node.required("name").requiredText(),
        form: try node.required("format").requiredText(),
        bytes: Array(try #require(Data(base64Encoded: text))),
        values: try node.required("values").tensor())
    }
  }

  static func file(_ name: String) throws -> [UInt8] {
    try #require(try cases().first { $0.name == name }).bytes
  }

  @Test(arguments: try cases()) func arraysThatPythonWroteAreRead(reference: Case) throws {
    let data = try TemporaryFolder().load(reference.bytes, as: reference.form)
    let shape = reference.values.shape
    #expect(data.count == shape[0])
    #expect(data.inputTop.shape.count == shape.count / shape[0])
    #expect(data.inputValues == reference.values.floats)
    #expect(data.targetTop == nil)
    #expect(data.targetValues.count == 0 && data.classes == nil)
  }

  @Test func everyTypeAndFormIsAmongTheCases() throws {
    let names = try Self.cases().map(\.name)
    #expect(names.count == 6 + 2 + 1 + 24 + 5 + 2 + 1)
    #expect(Set(names).count == names.count)
  }

  /// Tests every length below the right one, and one byte more.
  @Test(
    .tags(.slow),
    arguments: [
      "idx u1", "idx f8", "idx gzip", "npy <f4", "npy Fortran (2, 3, 4)", "npy version 2",
      "npy gzip",
    ])
  func otherLengthsAreRefused(name: String) throws {
    let form = String(name.prefix(3))
    let whole = try Self.file(name)
    let folder = try TemporaryFolder()
    for length in 0..<whole.count {
      let message = try folder.refusal(Array(whole.prefix(length)), as: form)
      #expect(message.contains("expected"), "\(length) of \(whole.count) bytes")
    }
    for byte in [UInt8(0), 0x1F, 0xFF] {
      #expect(try folder.refusal(whole + [byte], as: form).contains("expected"), "and \(byte)")
    }
    #expect(try folder.refusal(whole, as: form) == "")
  }

  /// The reader finds a flipped bit of a gzip stream, unless the bit is unused (time, system).
  @Test(.tags(.slow), arguments: ["idx gzip", "npy gzip"]) func flippedBitsChangeNoValue(
    name: String
  ) throws {
    let form = String(name.prefix(3))
    let whole = try Self.file(name)
    let folder = try TemporaryFolder()
    let values = try folder.load(whole, as: form).inputValues
    var refused = 0
    for place in 2..<whole.count {
      for bit in 0..<8 {
        var damaged = whole
        damaged[place] ^= 1 << bit
        if try folder.refusal(damaged, as: form) == "" {
          #expect(try folder.load(damaged, as: form).inputValues == values, "byte \(place)")
        } else {
          refused += 1
        }
      }
    }
    // The unused bits are in the header, and up to seven fill the last byte of the content.
    #expect(refused >= 8 * (whole.count - 10) - 7)
  }

  /// Compares the whole message for gzip and plain files.
  @Test func filesOfAnotherSizeThanTheHeaderSaysAreRefused() throws {
    let folder = try TemporaryFolder()
    let four = idx([2, 1, 2], [1, 2, 3, 4])
    let size = "because its header says 2x1x2 of uint8"
    for (bytes, message) in [
      (four.dropLast(), "expected 20 bytes, received 19, \(size)"),
      (four + [5], "expected 20 bytes, received 21, \(size)"),
    ] {
      #expect(try folder.refusal(Array(bytes), as: "idx") == message)
    }
    for (bytes, message) in [
      (
        gzip(four.dropLast()),
        "expected 20 bytes when inflated, \(size), received 19"
      ),
      (gzip(four + [5]), "expected 20 bytes when inflated, \(size), received more"),
      (
        gzip(four).dropLast(),
        "byte \(gzip(four).count - 1): expected more of the gzip stream, received the end of the "
          + "file"
      ),
    ] {
      #expect(try folder.refusal(Array(bytes), as: "idx") == message)
    }
  }

  @Test func bombIsRefused() throws {
    let text = try ReferenceFile("arrays").document.required("bomb").requiredText()
    let bomb = Array(try #require(Data(base64Encoded: text)))
    #expect(bomb.count < 2000)
    #expect(
      try TemporaryFolder().refusal(bomb, as: "idx")
        == "expected 24 bytes when inflated, because its header says 2x2x2 of uint8, received more")
  }

  @Test func headerThatPromisesTooMuchIsRefusedBeforeMemoryIsTaken() throws {
    let folder = try TemporaryFolder()
    let most = "expected at most 1099511627776 values, received"
    let all = Int(UInt32.max)
    #expect(
      try folder.refusal(idx([all, all, all, all], []), as: "idx")
        == "byte 4: \(most) 4294967295x4294967295x4294967295x4294967295")
    #expect(
      try folder.refusal(idx([all, all], [], type: 0x0E), as: "idx")
        == "byte 4: \(most) 4294967295x4294967295")
    #expect(
      try folder.refusal(idx([1 << 20, 1 << 20, 2], []), as: "idx") == "\(most) 1048576x1048576x2")
    // A stream of that length cannot inflate to that size.
    let small = gzip(idx([1 << 20, 1 << 10, 1], []))
    #expect(
      try folder.refusal(small, as: "idx")
        == "expected 1073741840 bytes when inflated, received a gzip stream of \(small.count), "
        + "which inflate to at most \(small.count * 1032), because its header says 1048576x1024x1 of uint8"
    )
    let number = "9223372036854775807"
    #expect(
      try folder.refusal(npy("<f8", "(\(number), 2)", []), as: "npy")
        == "byte 60: shape: \(most) \(number)x2")
    #expect(
      try folder.refusal(npy("<f8", "(\(number),)", []), as: "npy") == "\(most) \(number)")
  }

  @Test func membersMayFollowOneAnother() throws {
    let folder = try TemporaryFolder()
    let whole = idx([3, 2], [1, 2, 3, 4, 5, 6])
    let members =
      gzip(Array(whole.prefix(2))) + gzip([]) + gzip(Array(whole[2..<15]))
      + gzip(Array(whole[15...])) + gzip([])
    #expect(try folder.load(members, as: "idx").inputValues == [1, 2, 3, 4, 5, 6])
    for rubbish in [[0], Array("rubbish".utf8)] {
      #expect(
        try folder.refusal(members + rubbish, as: "idx")
          == "byte \(members.count): expected the end of the file, received other bytes after the "
          + "gzip stream")
    }
    #expect(
      try folder.refusal(members + [0x1F], as: "idx")
        == "byte \(members.count + 1): expected more of the gzip stream, received the end of the "
        + "file")
  }

  @Test func wrongChecksumAndLengthAreRefused() throws {
    let folder = try TemporaryFolder()
    let whole = gzip(idx([1, 2], [7, 8]))
    for (place, message) in [(8, "incorrect data check"), (4, "incorrect length check")] {
      var damaged = whole
      damaged[whole.count - place] ^= 1
      let refusal = try folder.refusal(damaged, as: "idx")
      #expect(refusal.hasPrefix("byte "))
      #expect(refusal.hasSuffix(": expected an intact gzip stream, received \(message)"))
    }
    var method = whole
    method[2] = 9
    #expect(
      try folder.refusal(method, as: "idx")
        .hasSuffix(": expected an intact gzip stream, received unknown compression method"))
  }

  @Test func whatIsNoRegularFileIsRefusedUnread() throws {
    let folder = try TemporaryFolder()
    let pipe = "\(folder.path)/pipe"
    #expect(unsafe mkfifo(pipe, 0o600) == 0)
    for (path, kind) in [(folder.path, "a folder"), (pipe, "a pipe"), ("/dev/zero", "a device")] {
      for field in ["source: idx, images", "source: npy, inputs"] {
        let part = try declaration("{\(field): \(path)}")
        #expect(
          failure { () throws(DataFailure) in try part.source.load(context()) }
            == .field(
              field.hasSuffix("images") ? "images" : "inputs",
              message: "\(path): expected a regular file, received \(kind)", of: .train))
      }
    }
    let missing = try declaration("{source: idx, images: \(folder.path)/none}")
    #expect(
      failure { () throws(DataFailure) in try missing.source.load(context()) }
        == .io(
          "\(folder.path)/none: expected a readable file: No such file or directory",
          field: "images", of: .train))
  }

  @Test func elementThatIsNoNumberIsNamed() throws {
    let folder = try TemporaryFolder()
    let limit = "expected a number of at most 3.4028235e+38 in size, received"
    func floats(_ values: [Double]) -> [UInt8] {
      values.flatMap { bytes($0.bitPattern) }
    }
    let values = [1, 2, 3, 4, .nan, 6]
    #expect(
      try folder.refusal(npy("<f8", "(2, 3)", floats(values)), as: "npy")
        == "element [1, 1]: \(limit) nan")
    #expect(
      try folder.refusal(npy("<f8", "(2, 3)", floats(values), fortran: true), as: "npy")
        == "element [0, 2]: \(limit) nan")
    #expect(
      try folder.refusal(npy("<f8", "(3,)", floats([1, -1e39, 0])), as: "npy")
        == "element [1]: \(limit) -1e+39")
    #expect(
      try folder.refusal(idx([1, 1, 2], [0, 0, 0, 0, 0x7F, 0x80, 0, 0], type: 0x0D), as: "idx")
        == "element [0, 0, 1]: \(limit) inf")
    #expect(
      try folder.refusal(npy("|b1", "(2,)", [1, 2]), as: "npy")
        == "element [1]: expected a truth value of 0 or 1, received 2")
  }

  /// The array is longer than one chunk.
  @Test(arguments: [false, true]) func longArraysAreReadWhole(fortran: Bool) throws {
    let (rows, columns) = (313, 97)
    let elements = (0..<rows * columns).flatMap { place -> [UInt8] in
      let (row, column) =
        fortran
        ? (place % rows, place / rows) : (place / columns, place % columns)
      return bytes(Int32(row * 1000 + column))
    }
    let file = npy("<i4", "(\(rows), \(columns))", elements, fortran: fortran)
    let expected = (0..<rows * columns).map { Float($0 / columns * 1000 + $0 % columns) }
    #expect(try TemporaryFolder().load(file, as: "npy").inputValues == expected)
  }
}

import DataFiles
import DataSources
import Foundation
import Oracles
import Tensors
import Testing

/// Arrays in the archives of `np.savez`.
@Suite struct NPZTests {
  /// `np.savez` and `np.savez_compressed` of NumPy 2.4.6, with x = [[0, 0], [1, 1], [2, 2]] of uint8 and
  /// y = [1, 0, 1] of int8.
  static let archives = [
    """
    UEsDBC0AAAAAAAAAIQAOmhKF//////////8FABQAeC5ucHkBABAAhgAAAAAAAACGAAAAAAAAAJNOVU1QWQEAdgB7J2Rlc2NyJzogJ3x1\
    MScsICdmb3J0cmFuX29yZGVyJzogRmFsc2UsICdzaGFwZSc6ICgzLCAyKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg\
    ICAgICAgICAgICAgICAgICAgICAgICAgICAKAAABAQICUEsDBC0AAAAAAAAAIQBgki+y//////////8FABQAeS5ucHkBABAAgwAAAAAA\
    AACDAAAAAAAAAJNOVU1QWQEAdgB7J2Rlc2NyJzogJ3xpMScsICdmb3J0cmFuX29yZGVyJzogRmFsc2UsICdzaGFwZSc6ICgzLCksIH0g\
    ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAKAQABUEsBAi0DLQAAAAAAAAAh\
    AA6aEoWGAAAAhgAAAAUAAAAAAAAAAAAAAIABAAAAAHgubnB5UEsBAi0DLQAAAAAAAAAhAGCSL7KDAAAAgwAAAAUAAAAAAAAAAAAAAIAB\
    vQAAAHkubnB5UEsFBgAAAAACAAIAZgAAAHcBAAAAAA==
    """,
    """
    UEsDBC0AAAAIAAAAIQAOmhKF//////////8FABQAeC5ucHkBABAAhgAAAAAAAABMAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6loF5T\
    aqiuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GsY6CkaaOgq1CmQDLgYGRkYmJgBQSwMELQAAAAgAAAAhAGCSL7L/////////\
    /wUAFAB5Lm5weQEAEACDAAAAAAAAAEcAAAAAAAAAm+wX6hsQychQxlCtnpJanFykbqWgXpNpqK6joJ6WX1RSlJgXn1+UkgoSd0vMKU4F\
    ihdnJBakAvkaxjqaOgq1ChQALkYGRgBQSwECLQMtAAAACAAAACEADpoShUwAAACGAAAABQAAAAAAAAAAAAAAgAEAAAAAeC5ucHlQSwEC\
    LQMtAAAACAAAACEAYJIvskcAAACDAAAABQAAAAAAAAAAAAAAgAGDAAAAeS5ucHlQSwUGAAAAAAIAAgBmAAAAAQEAAAAA
    """,
  ]

  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let fields =
    "{source: npy, inputs: {file: a.npz, array: x}, targets: {file: a.npz, array: y}, "
    + "task: classification}"

  private func load(_ text: String = NPZTests.fields) throws -> Dataset {
    let context = context(directory: folder.path)
    let source = try declaration(text).source
    let data = try source.load(context)
    #expect(try source.signature(context).exampleCount == data.count)
    return data
  }

  /// Returns the message that refuses an archive, without the path of the folder.
  private func refusal(_ archive: [UInt8], _ text: String = NPZTests.fields) throws -> String {
    try folder.write(archive, to: "a.npz")
    let source = try declaration(text).source
    let failure = failure { () throws(DataFailure) in
      try source.load(context(directory: folder.path))
    }
    return (failure?.message ?? "").replacingOccurrences(of: "\(folder.path)/", with: "")
  }

  private static let x = npy("|u1", "(3, 2)", [1, 2, 3, 4, 5, 6])
  private static let y = npy("|i1", "(3,)", [1, 0, 1])

  @Test(arguments: archives) func archivesOfNumPyAreRead(_ text: String) throws {
    let bytes = try #require(Data(base64Encoded: text))
    try folder.write([UInt8](bytes), to: "a.npz")
    let data = try load()
    #expect(data.inputValues == [0, 0, 1, 1, 2, 2])
    #expect(data.targetValues == [1, 0, 1])
    let tops = try load(
      "{source: npy, inputs: [{file: a.npz, array: x, top: p}, {file: a.npz, array: y, top: q}]}")
    #expect(tops.signature.text == "p 2, q 1")
  }

  @Test func largeArchivesAreRead() throws {
    var archive = ZipFile([
      .init("x.npy", NPZTests.x, isDeflated: true), .init("y.npy", NPZTests.y),
    ])
    archive.isLarge = true
    try folder.write(archive.bytes, to: "a.npz")
    let data = try load()
    #expect(data.inputValues == [1, 2, 3, 4, 5, 6])
    #expect(data.targetValues == [1, 0, 1])
    var wrong = archive.bytes
    // The offset of the record in its locator.
    wrong[wrong.count - 22 - 12] ^= 1
    #expect(
      try refusal(wrong)
        == "a.npz: byte \(wrong.count - 42): expected a zip64 record of 56 bytes before its locator"
    )
  }

  @Test func predictionsReadArchives() throws {
    try folder.write(
      ZipFile([.init("data.npy", NPZTests.x), .init("x.npy", NPZTests.y)]).bytes, to: "a.npz")
    for (arrays, width) in [([], 2), (["x"], 1), ([nil], 2)] as [([String?], Int)] {
      let pieces = try ArrayPieces(paths: [folder.file("a.npz")], names: ["data"], arrays: arrays)
      #expect(try pieces.next()?.dataset.inputTop.width == width)
    }
  }

  @Test func arrayIsNamed() throws {
    let archive = ZipFile([
      .init("x.npy", NPZTests.x), .init("notes.txt", [1]), .init("z", [], isDeflated: true),
    ]).bytes
    #expect(
      try refusal(archive, "{source: npy, inputs: a.npz}")
        == "a.npz: expected 'array', the name of an array in this archive: 'x'")
    #expect(try refusal(archive) == "a.npz: expected an array 'y', received 'x'")
    #expect(
      try refusal(NPZTests.x, "{source: npy, inputs: {file: a.npz, array: x}}")
        == "a.npz: expected a NumPy archive, since 'array' names an array in it, received another "
        + "file")
    #expect(
      try firstLine("{source: idx, images: {file: a, array: x}}")
        == "model.yaml:1:40: error: images: array: expected none, since only a NumPy archive has "
        + "named arrays")
  }

  @Test func arraysOfAnArchiveLieInMemory() throws {
    try folder.write(ZipFile([.init("x.npy", NPZTests.x)]).bytes, to: "a.npz")
    let source = try declaration("{source: npy, inputs: {file: a.npz, array: x}}").source
    let failure = failure { () throws(DataFailure) in
      try source.load(
        DataContext(directory: folder.path, seed: 1, phase: .train, memory: 4))
    }
    #expect(
      failure?.message
        == "\(folder.path)/a.npz: x.npy: needs 6 bytes, more than the 4 that 'memory' of the data "
        + "allows: expected an array file that is not compressed, not in an archive and in C order, "
        + "so that examples can be read on demand")
  }

  /// Returns an archive of two arrays after a change of the first one.
  private func archive(
    isDeflated: Bool = false, _ change: (inout ZipFile.Entry) -> Void
  ) -> [UInt8] {
    var entry = ZipFile.Entry("x.npy", NPZTests.x, isDeflated: isDeflated)
    change(&entry)
    return ZipFile([entry, .init("y.npy", NPZTests.y)]).bytes
  }

  @Test func checksumsAreVerified() throws {
    let sum = String(checksum(NPZTests.x), radix: 16)
    let right = String(repeating: "0", count: 8 - sum.count) + sum
    for isDeflated in [false, true] {
      #expect(
        try refusal(archive(isDeflated: isDeflated) { $0.sum = 0xAB })
          == "a.npz: x.npy: expected the checksum 000000ab of the archive, received \(right): the file "
          + "is damaged")
    }
  }

  @Test func hostileEntriesAreRefused() throws {
    let size = NPZTests.x.count
    let start = 30 + 5
    // The directory begins behind both files.
    let directory = 2 * start + size + NPZTests.y.count
    let cases: [([UInt8], String)] = [
      (
        archive { $0.flags = 1 },
        "byte \(directory + 8): expected files that are not encrypted, received 'x.npy'"
      ),
      (
        archive { $0.method = 12 },
        "byte \(directory + 10): expected 'x.npy' stored (0) or deflated (8), received the method 12"
      ),
      (
        archive { $0.name = "y.npy" },
        "byte \(directory + 46 + 5 + 46): expected each name once, received 'y.npy' twice"
      ),
      (
        archive { $0.localName = "z.npy" },
        "byte 0: expected the local header of 'x.npy' as in the directory"
      ),
      (
        archive { $0.size = 7 },
        "byte 0: expected 'x.npy' of at most \(size) bytes, since the archive has \(size) for it, "
          + "received 7"
      ),
      (
        archive(isDeflated: true) { $0.size = 1_000_000 },
        "byte 0: expected 'x.npy' of at most \(1032 * (size + 5)) bytes, since the archive has "
          + "\(size + 5) for it, received 1000000"
      ),
      (
        archive { $0.offset = 0x7FFF_FFFF },
        "expected 'x.npy' before the directory at byte \(directory), received byte 2147483647"
      ),
    ]
    for (bytes, message) in cases { #expect(try refusal(bytes) == "a.npz: \(message)") }
  }

  @Test func hostileArchivesAreRefused() throws {
    let size = NPZTests.x.count
    let whole = archive { _ in }
    let directory = 2 * 35 + size + NPZTests.y.count
    #expect(
      try refusal(Array(whole.dropLast()))
        == "a.npz: byte \(whole.count - 1): expected the directory of a ZIP archive at the end, received "
        + "none")
    #expect(
      try refusal(whole + [0])
        == "a.npz: byte \(whole.count + 1): expected the directory of a ZIP archive at the end, received "
        + "none")
    var more = ZipFile([.init("x.npy", NPZTests.x)])
    more.count = 2
    #expect(
      try refusal(more.bytes)
        == "a.npz: byte \(35 + size + 51): expected an entry, received the end of the archive's "
        + "directory")
    more.count = 0
    #expect(
      try refusal(more.bytes)
        == "a.npz: byte \(35 + size): expected the end of the directory, received more bytes")
    // The second file lies within the first one.
    let inner = ZipFile.Entry("y.npy", NPZTests.y)
    let outer = ZipFile([inner]).bytes.prefix(35 + NPZTests.y.count)
    var second = inner
    second.offset = 35
    let overlap = ZipFile([.init("x.npy", Array(outer)), second]).bytes
    #expect(
      try refusal(overlap)
        == "a.npz: byte 35: expected 'y.npy' behind 'x.npy', received files that overlap")
    var moved = whole
    moved[moved.count - 6] += 1
    #expect(
      try refusal(moved)
        == "a.npz: byte \(whole.count - 10): expected a directory that ends at byte \(whole.count - 22), "
        + "received \(whole.count - 22 - directory) bytes at byte \(directory + 1)")
  }

  @Test func contentsHaveTheStatedSizes() throws {
    let long = NPZTests.x + [0]
    #expect(
      try refusal(archive { $0.content = long })
        == "a.npz: x.npy: expected \(NPZTests.x.count) bytes, received \(long.count), because its header "
        + "says 3x2 of uint8")
    // The deflated stream has one byte more than the archive states.
    #expect(
      try refusal(
        archive(isDeflated: true) {
          ($0.content, $0.size, $0.sum) = (long, UInt32(NPZTests.x.count), checksum(NPZTests.x))
        })
        == "a.npz: x.npy: expected \(NPZTests.x.count) bytes when inflated, because its header says 3x2 "
        + "of uint8, received more")
  }

  /// Every archive with one changed byte is refused, or gives an array.
  @Test(arguments: archives) func changedBytesDoNoHarm(_ text: String) throws {
    let bytes = [UInt8](try #require(Data(base64Encoded: text)))
    var refused = 0
    for place in bytes.indices {
      var changed = bytes
      changed[place] ^= 0xFF
      if try !refusal(changed).isEmpty { refused += 1 }
    }
    // Times and versions have no meaning.
    #expect(refused > bytes.count / 2)
  }
}

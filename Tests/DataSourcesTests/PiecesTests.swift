import DataFiles
import DataSources
import Oracles
import Tensors
import Testing

/// Returns the rows of a table as a prediction reads them.
func unlabelled(_ text: String, _ inputs: [String]) throws(DataFailure) -> Dataset {
  let pieces = try TablePieces(
    TableSource(Array(text.utf8), path: "t.csv"), TableDialect(),
    inputs: inputs.map(ColumnEncoding.init(column:)))
  guard let piece = try pieces.next() else { throw .content("no piece") }
  return piece.dataset
}

@Suite("Pieces of examples") struct PiecesTests {
  private func values(_ pieces: any ExamplePieces) throws -> (values: [Float], counts: [Int]) {
    var (values, counts): ([Float], [Int]) = ([], [])
    while let piece = try pieces.next() {
      values += piece.dataset.inputValues
      counts.append(piece.dataset.count)
    }
    return (values, counts)
  }

  private func table(_ text: String, blockSize: Int?) throws -> TablePieces {
    var city = ColumnEncoding(column: "city")
    city.kind = .category
    city.categories = ["Bern", "Chur"]
    city.other = true
    return try TablePieces(
      TableSource(Array(text.utf8), path: "t.csv"), TableDialect(),
      inputs: [city, ColumnEncoding(column: "x")], blockSize: blockSize)
  }

  @Test("of a table have the same values for every size of the blocks")
  func tables() throws {
    let rows = (0..<50).map { "\($0).5,\(["Chur", "Genf", "Bern"][$0 % 3])" }
    let text = "x,city\n" + rows.joined(separator: "\n")
    let whole = try values(table(text, blockSize: nil))
    #expect(whole.counts == [50])
    #expect(whole.values.prefix(8) == [0, 1, 0, 0.5, 0, 0, 1, 1.5])
    for size in [16, 100, 200] {
      let pieces = try table(text, blockSize: size)
      #expect(try pieces.count() == 50)
      let found = try values(pieces)
      #expect(found.counts.count > 2)
      #expect(found.values == whole.values)
    }
  }

  @Test("of a table without a kept column name the field that needs it")
  func keptColumn() {
    let failure = failure { () throws(DataFailure) in
      try TablePieces(
        TableSource(Array("x\n1\n".utf8), path: "t.csv"), TableDialect(),
        inputs: [ColumnEncoding(column: "x")], keeping: ["id"])
    }
    #expect(
      failure
        == .content(
          "t.csv: row 1: expected a column 'id', received 'x'; 'keep' of the model names it"))
  }

  /// A bad cell in one block does not hide those of the others.
  @Test("of a table report the bad cells of all blocks")
  func badCells() throws {
    let rows = (0..<30).map { $0 % 10 == 9 ? "n\($0),Bern" : "\($0),Bern" }
    let pieces = try table("x,city\n" + rows.joined(separator: "\n"), blockSize: 32)
    var found: DataFailure?
    do throws(DataFailure) {
      while try pieces.next() != nil {}
    } catch {
      found = error
    }
    guard case .cells(let cells, nil) = found else {
      Issue.record("expected bad cells, received \(found?.message ?? "none")")
      return
    }
    #expect(cells.columns.first?.cells.map(\.row) == [11, 21, 31])
    #expect(cells.columns.first?.count == 3)
  }

  @Test("of a table without rows are refused")
  func noRows() throws {
    let pieces = try table("x,city\n", blockSize: nil)
    #expect(
      failure { () throws(DataFailure) in try pieces.next() }?.message
        == "t.csv: expected rows below the header, received none")
  }

  /// Returns a NumPy file.
  private func npy(_ type: String, _ shape: String, fortran: Bool = false, _ elements: [UInt8])
    -> [UInt8]
  {
    let text =
      "{'descr': '\(type)', 'fortran_order': \(fortran ? "True" : "False"), 'shape': \(shape)}\n"
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(text.utf8.count), 0] + Array(text.utf8)
      + elements
  }

  private func bytes(_ values: [Double]) -> [UInt8] {
    values.flatMap { value in
      (0..<8).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * UInt64($0))) }
    }
  }

  @Test("of arrays keep their order, also in Fortran order")
  func arrays() throws {
    let folder = try TemporaryFolder()
    let values = [0.5, 1, 1.5, 2, 2.5, 3]
    let rows = try folder.write(npy("<f8", "(3, 2)", bytes(values)), to: "r.npy")
    let columns = try folder.write(
      npy("<f8", "(3, 2)", fortran: true, bytes([0.5, 1.5, 2.5, 1, 2, 3])), to: "c.npy")
    for path in [rows, columns] {
      let pieces = try ArrayPieces(paths: [path], names: ["data"])
      #expect(pieces.count() == 3)
      #expect(try self.values(pieces).values == values.map { Float($0) })
    }
    // Many examples come in several pieces.
    let many = (0..<300_000).map { UInt8(truncatingIfNeeded: $0) }
    let path = try folder.write(npy("|u1", "(150000, 2)", many), to: "many.npy")
    let found = try self.values(ArrayPieces(paths: [path], names: ["data"]))
    #expect(found.counts == [131_072, 18_928])
    #expect(found.values == many.map { Float($0) })
    let cut = try folder.write(npy("|u1", "(4, 2)", [1, 2]), to: "cut.npy")
    let refusal = failure { () throws(DataFailure) in try ArrayPieces(paths: [cut], names: ["data"])
    }
    #expect(
      refusal?.message.hasSuffix("because its header says 4x2 of uint8") ?? false,
      "\(refusal?.message ?? "")")
  }

  @Test("of arrays are transformed in double precision")
  func exactArrays() throws {
    let folder = try TemporaryFolder()
    let values = [16_777_217.0, 16_777_219]
    let path = try folder.write(npy("<f8", "(2, 1)", bytes(values)), to: "a.npy")
    let piece = try #require(try ArrayPieces(paths: [path], names: ["data"]).next())
    let transform = try #require(InputTransform(InputScaling(mean: [16_777_216], scale: nil), nil))
    #expect(try transform.apply(to: piece.dataset).inputValues == [1, 3])
  }

  @Test("of images follow the names of their files and folders")
  func images() throws {
    let folder = try TemporaryFolder()
    for name in ["p/dog", "p/cat"] { try folder.makeFolder(name) }
    try folder.write(PNGFile.grey([1, 2, 3]), to: "p/dog/b.png")
    try folder.write(PNGFile.grey([4, 5, 6]), to: "p/dog/B.png")
    try folder.write(PNGFile.grey([7, 8, 9]), to: "p/cat/1.png")
    try folder.write(PNGFile.grey([0, 0, 255]), to: "p/a.png")
    try folder.write("a note", to: "p/.notes")
    let top = DataTop("data", shape: Shape([1, 1, 3]))
    var source = Images()
    source.color = .gray
    let gray = source
    func pieces(_ path: String, _ top: DataTop) throws(DataFailure) -> ImagePieces {
      try ImagePieces(path: path, like: gray, top: top)
    }
    let found = try pieces(folder.file("p"), top)
    #expect(found.labelNames == ["file"])
    #expect(found.count() == 4)
    let piece = try #require(try found.next())
    #expect(piece.labels == [["a.png"], ["cat/1.png"], ["dog/B.png"], ["dog/b.png"]])
    var loader = ExampleLoader(piece.dataset, isTraining: false)
    var values: [Float] = []
    for example in 0..<4 {
      try loader.load(example, epoch: 0)
      loader.append("data", to: &values)
    }
    #expect(values == [0, 0, 255, 7, 8, 9, 4, 5, 6, 1, 2, 3])
    #expect(try found.next() == nil)
    let one = try #require(try pieces(folder.file("p/a.png"), top).next())
    #expect(one.labels == [[folder.file("p/a.png")]])
    let flat = failure { () throws(DataFailure) in
      try pieces(folder.file("p"), DataTop("data", shape: Shape([3])))
    }
    #expect(
      flat?.message
        == "\(folder.file("p")): expected another kind of input, since the network reads "
        + "'data 3' and not images")
  }
}

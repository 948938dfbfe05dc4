import DataFiles
import DataSources
import Oracles
import Tensors
import Testing

@Suite struct NPYTests {
  /// Three examples of two values.
  private func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write(npy("|u1", "(3, 2)", [1, 2, 3, 4, 5, 6]), to: "x.npy")
    try folder.write(npy("<i2", "(3,)", [2, 0, 0, 0, 1, 0]), to: "labels.npy")
    let halves: [UInt8] = [0, 0x3C, 0, 0x38, 0, 0xC0, 0, 0, 0, 0x3C, 0, 0x3C]
    try folder.write(npy("<f2", "(3, 2)", halves), to: "pairs.npy")
    try folder.write(npy("<f2", "(3,)", Array(halves.prefix(6))), to: "values.npy")
    return folder
  }

  private func load(
    _ fields: String, in folder: TemporaryFolder, classes: ClassNames? = nil
  ) throws -> Dataset {
    let source = try declaration("{source: npy, inputs: x.npy\(fields)}").source
    let context = context(classes: classes, directory: folder.path)
    let data = try source.load(context)
    // The signature is known before loading.
    let signature = try source.signature(context)
    #expect(signature.inputTop.shape == data.inputTop.shape)
    #expect(signature.targetTop?.shape == data.targetTop?.shape)
    #expect(signature.exampleCount == data.count)
    return data
  }

  private func refusal(
    _ fields: String, in folder: TemporaryFolder, classes: ClassNames? = nil
  ) throws -> DataFailure? {
    let source = try declaration("{source: npy, inputs: x.npy\(fields)}").source
    let context = context(classes: classes, directory: folder.path)
    return failure { () throws(DataFailure) in try source.load(context) }
  }

  @Test func integersAreClassesWhereTheFileSaysSo() throws {
    let folder = try folder()
    let data = try load(", targets: labels.npy, task: classification", in: folder)
    #expect(data.inputTop.shape == Shape([2]) && data.inputValues == [1, 2, 3, 4, 5, 6])
    #expect(data.targetTop?.hasClasses == true && data.targetValues == [2, 0, 1])
    #expect(data.classes == ["0", "1", "2"])
    #expect(
      try load(", targets: labels.npy", in: folder, classes: .count(5)).classes?.count == 5)
    #expect(
      try refusal(", targets: labels.npy", in: folder, classes: .count(2))
        == .content(
          "\(folder.path)/labels.npy: element [0]: expected a class from 0 to 1, received 2"))
    let values = try load(", targets: labels.npy, task: regression", in: folder)
    #expect(values.targetTop?.shape == Shape([1]) && values.classes == nil)
    #expect(values.targetValues == [2, 0, 1])
    #expect(
      try refusal(", targets: labels.npy", in: folder)
        == .field(
          "targets",
          message:
            "\(folder.path)/labels.npy: expected floats, or a 'task' for integers (classification, "
            + "regression), received 3 of int16",
          of: .train))
  }

  @Test func floatsAreValues() throws {
    let folder = try folder()
    let pairs = try load(", targets: pairs.npy", in: folder)
    #expect(pairs.targetTop?.shape == Shape([2]))
    #expect(pairs.targetValues == [1, 0.5, -2, 0, 1, 1])
    let values = try load(", targets: values.npy", in: folder)
    #expect(values.targetTop?.shape == Shape([1]) && values.targetValues == [1, 0.5, -2])
    for file in ["pairs", "values"] {
      let summary = file == "pairs" ? "3x2 of float16" : "3 of float16"
      #expect(
        try refusal(", targets: \(file).npy", in: folder, classes: .count(2))
          == .field(
            "targets",
            message:
              "\(folder.path)/\(file).npy: expected classes, which are integers, "
              + "received \(summary)",
            of: .train))
    }
  }

  /// [N, 1] has a class for each example. More axes have a class for each position.
  @Test func classesMayHaveAxes() throws {
    let folder = try folder()
    try folder.write(npy("<i4", "(3, 1)", [2, 0, 1].flatMap { bytes(Int32($0)) }), to: "one.npy")
    let one = try load(", targets: one.npy, task: classification", in: folder)
    #expect(one.targetTop?.shape == .scalar && one.targetValues == [2, 0, 1])
    #expect(one.targetTop?.width == 1 && one.classes == ["0", "1", "2"])
    let steps = try load(", targets: x.npy, classes: 7", in: folder, classes: .count(7))
    #expect(steps.targetTop?.shape == Shape([2]) && steps.targetValues == [1, 2, 3, 4, 5, 6])
    #expect(steps.targetTop?.hasClasses == true && steps.targetTop?.width == 2)
    try folder.write(
      npy("|u1", "(3, 2, 2)", (0..<12).map { UInt8($0) }, fortran: true), to: "maps.npy")
    let maps = try load(", targets: maps.npy, task: classification", in: folder)
    #expect(maps.targetTop?.shape == Shape([2, 2]) && maps.classes?.count == 12)
    #expect(maps.targetValues == [0, 6, 3, 9, 1, 7, 4, 10, 2, 8, 5, 11])
    #expect(
      try refusal(", targets: maps.npy", in: folder, classes: .count(11))?.message
        == "\(folder.path)/maps.npy: element [2, 1, 1]: expected a class from 0 to 10, received 11")
    // Examples keep their labels in a part.
    let (train, test, _) = try loadParts(
      train: declaration(
        "{source: npy, inputs: x.npy, targets: maps.npy, task: classification, rows: [0, 1]}"),
      test: declaration(
        "{source: npy, inputs: x.npy, targets: maps.npy, task: classification, rows: [1, 3]}",
        phase: .test), directory: folder.path, seed: 1)
    #expect(train.targetValues == [0, 6, 3, 9])
    #expect(test?.targetValues == [1, 7, 4, 10, 2, 8, 5, 11])
  }

  @Test func classesMayCountFromOne() throws {
    let folder = try folder()
    try folder.write(npy("|u1", "(3,)", [3, 1, 2]), to: "from1.npy")
    let part = "{source: npy, inputs: x.npy, targets: from1.npy, task: classification, "
    let loaded = try loadParts(
      train: declaration(part + "label_offset: 1}"), test: nil, directory: folder.path, seed: 1)
    #expect(loaded.train.targetValues == [2, 0, 1] && loaded.train.classes == ["1", "2", "3"])
    let wrong = try declaration(part + "label_offset: 2, classes: 2}")
    #expect(
      failure { () throws(DataFailure) in
        try loadParts(train: wrong, test: nil, directory: folder.path, seed: 1)
      }?.message
        == "\(folder.path)/from1.npy: element [1]: expected a class from 2 to 3, received 1")
  }

  @Test func withoutTargetsThereIsNone() throws {
    let data = try load("", in: try folder())
    #expect(data.targetTop == nil && data.targetValues.count == 0)
    #expect(
      try firstLine("{source: npy, inputs: x, classes: 3}")
        == "model.yaml:1:35: error: classes: expected none, since no targets are stated")
    #expect(
      try firstLine("{source: npy, inputs: x, task: regression}")
        == "model.yaml:1:32: error: task: expected none, since no targets are stated")
    #expect(
      try firstLine("{source: npy, inputs: x, targets: y, task: regression, classes: 3}")
        == "model.yaml:1:65: error: classes: expected none, since the task is regression")
  }

  @Test func filesMustBelongTogether() throws {
    let folder = try folder()
    try folder.write(npy("|b1", "(2,)", [0, 1]), to: "two.npy")
    #expect(
      try refusal(", targets: two.npy, task: classification", in: folder)
        == .field(
          "targets",
          message:
            "\(folder.path)/two.npy: expected 3 examples, as in \(folder.path)/x.npy, received 2",
          of: .train))
  }

  @Test func whatTheFilesTaughtIsStated() throws {
    let folder = try folder()
    let data = try load(", targets: labels.npy, task: classification", in: folder)
    let source = try declaration("{source: npy, inputs: a, targets: b}").source
    let learned = try #require(source.learned(from: data) as? NPY)
    #expect(learned.inputs.paths == ["a"] && learned.targets?.paths == ["b"])
    #expect(learned.task == .classification)
    #expect(source.isSameData(as: source) && !source.isSameData(as: learned))
  }

  // MARK: The header

  private static let sound = "{'descr': '<i2', 'fortran_order': False, 'shape': (1, 2), }"

  @Test(arguments: [
    (sound, ""),
    ("{'shape':(1,2),'fortran_order':False,'descr':\"<i2\"}", ""),
    (
      "{'descr': '|O', 'fortran_order': False, 'shape': (1, 2), }",
      "byte 20: descr: expected numbers, received the object type '|O', whose elements are Python "
        + "objects"
    ),
    (
      "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1, 2), }",
      "byte 20: expected numbers, received a structured type"
    ),
    (
      "{'descr': '<c8', 'fortran_order': False, 'shape': (1, 2), }",
      "byte 20: descr: expected '<' or '>' and one of b1, f2, f4, f8, i1, i2, i4, i8, u1, u2, u4, "
        + "u8, received '<c8'"
    ),
    (
      "{'descr': '|i2', 'fortran_order': False, 'shape': (1, 2), }",
      "byte 20: descr: expected '<' or '>' and one of b1, f2, f4, f8, i1, i2, i4, i8, u1, u2, u4, "
        + "u8, received '|i2'"
    ),
    (
      "{'descr': True, 'fortran_order': False, 'shape': (1, 2), }",
      "byte 20: descr: expected an element type, received True"
    ),
    (
      "{'descr': '<i2', 'fortran_order': 'no', 'shape': (1, 2), }",
      "byte 44: fortran_order: expected True or False, received 'no'"
    ),
    (
      "{'descr': '<i2', 'fortran_order': 0, 'shape': (1, 2), }",
      "byte 44: expected a text, True, False or a tuple, received '0'"
    ),
    (
      "{'descr': '<i2', 'fortran_order': False, 'shape': '(1, 2)', }",
      "byte 60: shape: expected a tuple, received '(1, 2)'"
    ),
    (
      "{'descr': '<i2', 'fortran_order': False, 'shape': (), }",
      "byte 60: shape: expected 1 to 9 axes, received 0"
    ),
    (
      "{'descr': '<i2', 'fortran_order': False, 'shape': (1,1,1,1,1,1,1,1,1,2), }",
      "byte 60: shape: expected 1 to 9 axes, received 10"
    ),
    (
      "{'descr': '<i2', 'fortran_order': False, 'shape': (2), }",
      "byte 60: expected a tuple, received a number in parentheses"
    ),
    (
      "{'descr': '<i2', 'fortran_order': False, 'shape': (0, 2), }",
      "byte 60: shape: expected axes of at least 1, received 0"
    ),
    (
      "{'descr': '<i2', 'fortran_order': False, 'shape': (01, 2), }",
      "byte 61: expected an integer of 64 bits, received '0'"
    ),
    (
      "{'descr': '<i2', 'fortran_order': False, 'shape': (-1, 2), }",
      "byte 61: expected an integer of 64 bits, received '-'"
    ),
    (
      "{'descr': '<i2', 'fortran_order': False, 'shape': (9223372036854775808, 2), }",
      "byte 61: expected an integer of 64 bits, received '9'"
    ),
    (
      "{'descr': '<i2', 'fortran_order': False, 'shape': (1 2), }",
      "byte 63: expected ',' or ')', received '2'"
    ),
    (
      "{'descr': '<i2', 'fortran_order': False, }",
      "byte 52: expected 'shape' in the header, received none"
    ),
    (
      "{'descr': '<i2', 'descr': '<i2', 'shape': (1, 2), }",
      "byte 27: expected the keys 'descr', 'fortran_order', 'shape', each once, received 'descr'"
    ),
    (
      "{'descr': '<i2', 'colour': '<i2', 'shape': (1, 2), }",
      "byte 27: expected the keys 'descr', 'fortran_order', 'shape', each once, received 'colour'"
    ),
    (sound + "#", "byte 69: expected spaces and a line feed at the end of the header"),
    ("", "byte 13: expected '{', received '\\n'"),
    ("{'descr", "byte 11: expected a closed text, received '''"),
    ("{'de\\x73cr': 1}", "byte 11: expected a text of letters, digits and signs, received '''"),
  ])
  func headersAreReadStrictly(header: String, message: String) throws {
    #expect(try TemporaryFolder().refusal(npy(header: header, [1, 0, 2, 0]), as: "npy") == message)
  }

  @Test func wrongStartsAreRefused() throws {
    let folder = try TemporaryFolder()
    let whole = npy(header: Self.sound, [1, 0, 2, 0])
    func with(_ place: Int, _ byte: UInt8) -> [UInt8] {
      var bytes = whole
      bytes[place] = byte
      return bytes
    }
    let start = "expected a NumPy file, which begins with \\x93NUMPY, received"
    for (bytes, message) in [
      ([], "byte 0: \(start) the end of the file"),
      (with(0, 0), "byte 0: \(start) 0"), (with(3, 0x6D), "byte 3: \(start) 109"),
      (with(6, 4), "byte 6: expected format version 1.0, 2.0 or 3.0, received '4.0'"),
      (with(7, 1), "byte 6: expected format version 1.0, 2.0 or 3.0, received '1.1'"),
      (
        with(9, 0xFF),
        "byte \(whole.count): expected a header of \(0xFF00 + Int(whole[8])) bytes, received the "
          + "end of the file"
      ),
      (with(6, 2), "byte 8: expected a header of 1 to 65536 bytes, received \(0x277B_003F)"),
      (
        Array(whole.prefix(9)),
        "byte 9: expected the header's length, received the end of the file"
      ),
    ] {
      #expect(try folder.refusal(bytes, as: "npy") == message)
    }
  }

  /// Flips each bit of the header except the one that changes the byte order.
  @Test(.tags(.slow)) func flippedBitsOfTheHeaderAreRefused() throws {
    let whole = npy("<f4", "(2, 3)", (0..<24).map { UInt8($0) })
    let folder = try TemporaryFolder()
    let order = try #require(whole.firstIndex(of: UInt8(ascii: "<")))
    for place in 0..<whole.count - 24 {
      for bit in 0..<8 {
        var damaged = whole
        damaged[place] ^= 1 << bit
        let refusal = try folder.refusal(damaged, as: "npy")
        #expect(
          (refusal == "") == (place == order && bit == 1), "byte \(place), bit \(bit): \(refusal)")
      }
    }
  }
}

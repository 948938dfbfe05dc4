import Files
import Inspection
import Oracles
import Testing

@Suite("A proposal for a folder of images") struct ImageProposalTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// The start of a PNG file, up to the header that states its size and type of colors.
  private func header(height: Int, width: Int, isColor: Bool = false) -> [UInt8] {
    func number(_ value: Int) -> [UInt8] {
      (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) }
    }
    let data = number(width) + number(height) + [8, isColor ? 2 : 0, 0, 0, 0]
    var sum = CRC32()
    sum.add((Array("IHDR".utf8) + data)[...])
    let text = sum.text.suffix(8)
    let check = (0..<4).compactMap { index -> UInt8? in
      let start = text.index(text.startIndex, offsetBy: 2 * index)
      return UInt8(text[start...].prefix(2), radix: 16)
    }
    let pixels = [UInt8](repeating: 0, count: 4096)
    return [0x89] + Array("PNG\r\n".utf8) + [0x1A, 0x0A] + number(13) + Array("IHDR".utf8) + data
      + check + number(pixels.count) + Array("IDAT".utf8) + pixels
  }

  private func write(_ name: String, count: Int, _ bytes: [UInt8]) throws {
    try folder.makeFolder(name)
    for index in 0..<count { try folder.write(bytes, to: "\(name)/\(index).png") }
  }

  private func text(_ name: String, _ targets: [String] = []) throws -> String {
    let outcome = try ModelProposal.outcome(
      data: folder.file(name), targets: targets, modelPath: folder.file("m.yaml"))
    guard case .proposal(let proposal) = outcome else { return "" }
    return proposal.text
  }

  private func refusal(_ name: String, _ targets: [String] = []) -> String {
    do {
      _ = try text(name, targets)
      return ""
    } catch {
      return (error as? RunFailure)?.rendered.replacing("\(folder.path)/", with: "") ?? "\(error)"
    }
  }

  /// The lines of the data.
  private func data(_ text: String) -> [String] {
    let lines = text.split(separator: "\n").map(String.init)
    return Array(lines.drop { $0 != "data:" }.prefix { !$0.hasPrefix("#") && $0 != "network:" })
  }

  @Test("keeps small images of one size as they are")
  func smallImages() throws {
    try write("photos/cat", count: 6, header(height: 28, width: 28))
    try write("photos/dog", count: 5, header(height: 28, width: 28))
    let text = try text("photos/")
    #expect(
      data(text) == [
        "data:", "  # the share of the images that trains; the others test",
        "  split: {fraction: 0.8, seed: 1, stratify: true}", "  train:", "    source: images",
        "    folder: photos    # 2 classes: cat 6, dog 5",
        "    color: gray    # no image has colors",
        "    # Without resize and crop: all images are 28x28.", "    mean: 127.5",
        "    scale: 0.0078125    # inputs from -1 to 1", "    batch_size: 32",
        "  test: {batch_size: 100}",
      ])
    #expect(text.contains("num_output: 2}"))
    // 28 pixels are halved to 14 and to 7.
    #expect(text.contains("pool2") && !text.contains("pool3"))
  }

  @Test("resizes and crops images of different sizes, and uses a test folder")
  func differentSizes() throws {
    try write("p/train/cat", count: 6, header(height: 40, width: 90))
    try write("p/train/dog", count: 6, header(height: 70, width: 50, isColor: true))
    try write("p/val/cat", count: 1, header(height: 64, width: 64))
    try write("p/val/dog", count: 1, header(height: 64, width: 64))
    let lines = try data(text("p"))
    #expect(lines.contains("    folder: p/train    # 2 classes: cat 6, dog 6"))
    #expect(lines.contains("    color: rgb    # some images have colors"))
    #expect(
      lines.contains("    transforms: [{type: resize, size: 40}, {type: crop, size: 40}]"))
    #expect(lines.contains("    # the images are 40 to 70 high and 50 to 90 wide"))
    #expect(
      lines.last == "  test: {source: images, folder: p/val, color: rgb, batch_size: 100}")
  }

  @Test("refuses folders that cannot train")
  func refusals() throws {
    try folder.makeFolder("empty")
    #expect(
      refusal("empty")
        == "error: empty: expected at least 2 folders, one for each class, received 0")
    try write("one/cat", count: 12, header(height: 8, width: 8))
    #expect(
      refusal("one") == "error: one: expected at least 2 folders, one for each class, received 1")
    try write("few/cat", count: 2, header(height: 8, width: 8))
    try write("few/dog", count: 2, header(height: 8, width: 8))
    #expect(refusal("few") == "error: few: expected at least 10 images, received 4")
    try folder.write("text", to: "few/cat/a.png")
    try folder.write("text", to: "few/dog/b.png")
    #expect(
      refusal("few")
        == "error: few/cat/a.png: byte 0: expected a PNG or JPEG file, received text; and 1 more "
        + "file")
    #expect(
      refusal("few", ["y"])
        == "error: few: expected no --target, since the folders of images are the classes")
  }
}

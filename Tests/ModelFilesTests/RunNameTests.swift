import ModelFiles
import ModelOracles
import Networks
import Oracles
import Testing
import YAML

@Suite("The name of a model")
struct RunNameTests {
  private static let text = network([
    "name: ip, type: Linear, num_output: 3", "name: loss, type: SoftmaxWithLoss",
  ])

  private func name(ofFile path: String) throws -> String {
    try model(RunNameTests.text, path: path).name
  }

  private func stated(_ name: String) throws -> String {
    try model("name: \"\(name)\"\n" + RunNameTests.text).name
  }

  @Test(
    "is the name of its file, in letters of any script",
    arguments: [
      ("net.yaml", "net"), ("a/b/net-2_v1.5.yml", "net-2_v1.5"), ("модель.yaml", "модель"),
      ("模型一号.yaml", "模型一号"), ("نموذج.yaml", "نموذج"), ("मॉडल.yaml", "मॉडल"),
      ("โมเดล.yaml", "โมเดล"), ("모델.yaml", "모델"), ("größe.yaml", "größe"), ("٣.yaml", "٣"),
      // Some file systems return names in decomposed form.
      ("gro\u{308}ße.yaml", "gr\u{F6}ße"), ("\u{1106}\u{1169}.yaml", "\u{BAA8}"),
      ("\u{212B}.yaml", "\u{C5}"), ("net", "net"), ("x/y.z/net", "net"),
    ])
  func fileNames(path: String, expected: String) throws {
    #expect(Array(try name(ofFile: path).utf8) == Array(expected.utf8))
  }

  @Test("keeps files distinct if their names have characters that a model's name cannot have")
  func replaced() throws {
    let stems = [
      "my net", "my  net", "my_net", "my\u{A0}net", "my\u{200B}net", "my\u{202E}net", "my\u{7}net",
      "my\nnet", "my\u{2028}net", "my\u{3164}net", "my\u{FE0F}net", "my😀net", "my🙂net", "my(net)",
      "-rf", "--help", ".hidden", "..", ".", "", "model", " ", "\u{301}x", "a\u{20DD}",
      "my\u{E000}net",
      String(repeating: "x", count: 101), String(repeating: "x", count: 102),
      String(repeating: "模", count: 90), String(repeating: "模", count: 91),
      String(repeating: "𒀀", count: 100),
    ]
    let names = try stems.map { try name(ofFile: "folder/\($0).yaml") }
    #expect(Set(names.map { Array($0.utf8) }).count == stems.count)
    for (stem, name) in zip(stems, names) {
      #expect((1...255).contains(name.utf8.count) && name.unicodeScalars.count <= 100, "\(stem)")
      #expect(name.first != "-" && name.first != ".", "\(name)")
      // The resolved document contains the name, and is read again.
      #expect(
        try model(try model(RunNameTests.text, path: "\(stem).yaml").resolved().yaml).name == name)
    }
    #expect(names[0] == "my_net-55bf7807")
    #expect(names[2] == "my_net")
    #expect(names[14].hasPrefix("_rf-") && names[16].hasPrefix("_hidden-"))
    #expect(names[19].hasPrefix("model-") && names[20] == "model")
    #expect(names[25].hasPrefix("xxx") && names[25].count == 100)
    #expect(names[27].utf8.count == 255)
  }

  @Test("is kept in composed form if it is stated")
  func statedNames() throws {
    for name in ["a", "модель-2", "_x.y", "9", "名前", String(repeating: "я", count: 100)] {
      #expect(try stated(name) == name)
    }
    #expect(Array(try stated("e\u{301}").utf8) == Array("\u{E9}".utf8))
    #expect(try model(RunNameTests.text, overrides: ["name=сеть"]).name == "сеть")
  }

  @Test(
    "is refused if it contains other characters",
    arguments: [
      "-rf", "--", ".", "..", ".x", "a/b", "/", "a b", "", "\\u202Ea", "a\\u200Db", "a\\u0000",
      "a\\n", "\\u0301a", "😀", "a\\u3164", "a\\uFE0F", "a\\\\b", "a:b", "*", "~", "$x",
    ])
  func refusedNames(name: String) {
    let lines = mistakes(in: "name: \"\(name)\"\n" + RunNameTests.text).split(separator: "\n")
    #expect(
      lines.first?.hasPrefix(
        "model.yaml:1:7: error: name: expected a name of 1 to 100 letters, digits, '_', '-' and '.', "
          + "of at most 255 bytes, that begins with a letter, a digit or '_', received ") == true,
      "\(lines)")
    #expect(lines.count == 3)
  }

  @Test(
    "has a length",
    arguments: [(String(repeating: "a", count: 101)), String(repeating: "模", count: 86)])
  func lengths(name: String) throws {
    #expect(mistakes(in: "name: \(name)\n" + RunNameTests.text).contains("of at most 255 bytes"))
    #expect(try stated(String(name.dropLast())) == String(name.dropLast()))
  }

  @Test("is refused at its place if it looks like an option")
  func option() {
    #expect(
      mistakes(in: "name: -rf\n" + RunNameTests.text) == """
        model.yaml:1:7: error: name: expected a name of 1 to 100 letters, digits, '_', '-' and '.', \
        of at most 255 bytes, that begins with a letter, a digit or '_', received '-rf'
            1 | name: -rf
              |       ^
        """)
  }
}

import DataSources
import Fields
import Foundation
import Layers
import ModelFiles
import Oracles
import Solvers
import Testing
import YAML

/// Compares the documentation with the behaviour of dlrun.
@Suite struct DocumentationTests {
  private func page(_ path: String) throws -> String {
    try String(contentsOfFile: "\(Program.package)/\(path)", encoding: .utf8)
  }

  /// Returns the first block of YAML in a page.
  private func firstModel(in page: String) throws -> String {
    let start = try #require(page.range(of: "```yaml\n"))
    let end = try #require(page.range(of: "```", range: start.upperBound..<page.endIndex))
    return String(page[start.upperBound..<end.lowerBound])
  }

  /// Returns a folder like `models`, with the README's model.
  private func folder(with model: String) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write(model, to: "iris.yaml")
    let data = try Program.shell("cp -r '\(Program.package)/models/data' .", in: folder)
    try #require(data.exitCode == 0)
    return folder
  }

  @Test func theModelOfTheReadmeMeetsItsExpectation() throws {
    let folder = try folder(with: try firstModel(in: try page("README.md")))
    let result = try Program.run(["iris.yaml"], in: folder)
    #expect(result.exitCode == 0)
    #expect(result.output.contains("(expected >= 0.93: met)"))
    #expect(result.output.contains("written to runs/iris/001/ "))
  }

  @Test func theMistakeOfTheReadmeHasItsMessage() throws {
    let readme = try page("README.md")
    let model = try firstModel(in: readme)
    let folder = try folder(with: model.replacing("  momentum: 0.9", with: "  momentun: 0.9"))
    let result = try Program.run(["check", "iris.yaml"], in: folder)
    #expect(result.exitCode == 1)
    let indented = result.errors.split(separator: "\n").map { "    \($0)\n" }.joined()
    #expect(indented.hasPrefix("    iris.yaml:"))
    #expect(readme.contains("\n\n\(indented)\n"))
  }

  @Test func theReadmeIsShort() throws {
    #expect(try page("README.md").count { $0 == "\n" } < 150)
  }

  @Test func theCommandsPageNamesEveryCommand() throws {
    let help = try Program.run(["--help"], in: try TemporaryFolder()).output
    let list = try #require(help.range(of: "SUBCOMMANDS:\n")).upperBound
    // Two blanks precede a name. Its description has more blanks.
    let commands = help[list...].matches(of: #/\n  (?<name>[a-z-]+) /#).map(\.output.name)
    #expect(commands.count > 15)
    let page = try page("Sources/dlrun/dlrun.docc/Commands.md")
    for command in commands {
      #expect(
        page.contains("`dlrun \(command) ") || page.contains("`\(command)`"), "\(command)")
    }
  }

  /// Each shipped model has a row in the table, and each row has its model.
  @Test func theModelsPageNamesEveryModel() throws {
    let page = try page("Sources/dlrun/dlrun.docc/ShippedModels.md")
    let models = try FileManager.default.contentsOfDirectory(atPath: "\(Program.package)/models")
      .filter { $0.hasSuffix(".yaml") }
    for model in models { #expect(page.contains("\n| `models/\(model)` | "), "\(model)") }
    let rows = page.split(separator: "\n").count { $0.hasPrefix("| `models/") }
    #expect(rows == models.count)
  }

  /// The README, CONTRIBUTING and every DocC page, as paths from the top of the package.
  private static let pages: [String] = {
    let sources = FileManager.default.enumerator(atPath: "\(Program.package)/Sources")
    let paths = (sources?.compactMap { $0 as? String } ?? []).filter {
      $0.contains(".docc/") && $0.hasSuffix(".md")
    }
    return ["README.md", ".github/CONTRIBUTING.md"] + paths.map { "Sources/\($0)" }.sorted()
  }()

  @Test func everyPageIsFound() { #expect(DocumentationTests.pages.count > 12) }

  /// Links lead to files, links of DocC to pages of the same catalog, and paths in code exist.
  @Test(arguments: pages) func everyLinkLeadsToAFile(path: String) throws {
    let text = try page(path)
    let folder = URL(fileURLWithPath: "\(Program.package)/\(path)").deletingLastPathComponent()
    let links = text.matches(of: #/\]\((?<file>[^)]+)\)/#).map { String($0.output.file) }
    // Pages name their pictures without a path. The pictures are in the folder of resources.
    let files = links.filter { !$0.hasPrefix("http") }.map {
      path.contains(".docc/") ? "Resources/\($0).svg" : $0
    }
    let pages = text.matches(of: #/<doc:(?<page>\w+)>/#).map { "\($0.output.page).md" }
    for file in files + pages {
      #expect(FileManager.default.fileExists(atPath: folder.appending(path: file).path), "\(file)")
    }
    for code in text.matches(of: #/`(?<file>(Sources|Tests|models|\.ci)\/[\w.\/+\-]+)`/#) {
      let file = code.output.file
      #expect(
        FileManager.default.fileExists(atPath: "\(Program.package)/\(file)"), "\(file)")
    }
  }

  /// The command in each marker prints the tables that follow the marker.
  @Test(arguments: [
    "help-layer", "help-solver", "help-policy", "help-regularizer", "help-filler", "help-source",
    "help-transform",
  ])
  func theLanguagePageHasTheTablesOfTheCatalogs(command: String) throws {
    let page = try page("Sources/dlrun/dlrun.docc/ModelLanguage.md")
    let marker = "<!-- dlrun \(command) --markdown -->\n\n"
    let tables = page.split(separator: marker, omittingEmptySubsequences: false).dropFirst().map {
      String($0.prefix(upTo: $0.range(of: "\n\n<!-- end -->")?.lowerBound ?? $0.startIndex))
    }
    let printed = try Program.run([command, "--markdown"], in: TemporaryFolder())
    #expect(printed.exitCode == 0)
    #expect(printed.output.contains("\n| `"))
    #expect(tables.joined(separator: "\n\n") + "\n" == printed.output)
  }

  @Test func markdownRefusesTheNameOfAnEntry() throws {
    let result = try Program.run(["help-layer", "Linear", "--markdown"], in: TemporaryFolder())
    #expect(result.exitCode == 2)
    #expect(result.errors.contains("--markdown prints all entries: expected no name"))
  }

  /// The page of the language names every field without a table, as code.
  @Test func theLanguagePageNamesEveryField() throws {
    let page = try page("Sources/dlrun/dlrun.docc/ModelLanguage.md")
    let fields =
      ParameterOptions.fieldDescriptions + Warmup.fieldDescriptions + EarlyStop.fieldDescriptions
      + ModelFile.fieldDescriptions
    #expect(fields.count > 10)
    for field in fields { #expect(page.contains("`\(field.name)"), "\(field.name) is missing") }
  }

  /// The first paragraph of every type's comment contains the formula of the help page.
  @Test func commentsHaveTheFormula() throws {
    var formulas: [(type: String, formula: String)] = []
    func add<Product>(_ catalog: Catalog<Product>) {
      formulas += catalog.entries.map { (String(describing: $0.type), $0.reference.formula) }
    }
    add(LayerCatalog.all)
    add(FillerCatalog.all)
    add(SolverCatalog.all)
    add(PolicyCatalog.all)
    add(RegularizerCatalog.all)
    var comments: [String: String] = [:]
    for folder in ["Layers", "Solvers"] {
      let root = "\(Program.package)/Sources/\(folder)"
      for path in try FileManager.default.subpathsOfDirectory(atPath: root)
      where path.hasSuffix(".swift") {
        var comment: [Substring] = []
        for line in try page("Sources/\(folder)/\(path)").split(
          separator: "\n", omittingEmptySubsequences: false)
        {
          if line.hasPrefix("///") {
            comment.append(line.dropFirst(line.hasPrefix("/// ") ? 4 : 3))
          } else {
            if let name = line.firstMatch(of: /^package (?:final )?(?:struct|class) (\w+)/)?.1 {
              comments[String(name)] = comment.prefix { !$0.isEmpty }.joined(separator: " ")
            }
            comment = []
          }
        }
      }
    }
    #expect(formulas.count > 100)
    for (type, formula) in formulas {
      let comment = try #require(comments[type], "\(type) has no comment")
      #expect(comment.contains(formula), "\(type)")
    }
  }
}

import DataSources
import Fields
import Files
import Foundation
import Layers
import ModelFiles
import Solvers
import Testing
import YAML

/// Compares the documentation with the behaviour of dlrun.
@Suite struct DocumentationTests {
  private func page(_ path: String) throws -> String {
    try String(contentsOfFile: "\(Program.package)/\(path)", encoding: .utf8)
  }

  /// The first block of YAML in a page.
  private func firstModel(in page: String) throws -> String {
    let start = try #require(page.range(of: "```yaml\n"))
    let end = try #require(page.range(of: "```", range: start.upperBound..<page.endIndex))
    return String(page[start.upperBound..<end.lowerBound])
  }

  /// A folder like `models`, with the README's model.
  private func folder(with model: String) throws -> Folder {
    let folder = try Folder()
    try folder.write(model, to: "iris.yaml")
    let data = try Program.shell("cp -r '\(Program.package)/models/data' .", in: folder)
    try #require(data.exitCode == 0)
    return folder
  }

  @Test func theModelOfTheReadmeReachesWhatItExpects() throws {
    let folder = try folder(with: try firstModel(in: try page("README.md")))
    let result = try Program.run(["iris.yaml"], in: folder)
    #expect(result.exitCode == 0)
    #expect(result.output.contains("(expected >= 0.93: met)"))
    #expect(result.output.contains("written to runs/iris/001/ "))
  }

  @Test func theMistakeOfTheReadmeIsReportedAsItSays() throws {
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

  @Test func thePageOfCommandsNamesEveryCommand() throws {
    let help = try Program.run(["--help"], in: try Folder()).output
    let list = try #require(help.range(of: "SUBCOMMANDS:\n")).upperBound
    // A name is indented by two blanks; the text beside it continues further right.
    let commands = help[list...].matches(of: #/\n  (?<name>[a-z-]+) /#).map(\.output.name)
    #expect(commands.count > 15)
    let page = try page("Sources/dlrun/dlrun.docc/Commands.md")
    for command in commands {
      #expect(
        page.contains("`dlrun \(command) ") || page.contains("`\(command)`"), "\(command)")
    }
  }

  /// Each shipped model has a row in the table, and each row has its model.
  @Test func thePageOfModelsNamesEveryModel() throws {
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

  @Test func thereArePages() { #expect(DocumentationTests.pages.count > 12) }

  /// Links lead to files, links of DocC to pages of the same catalog, and paths in code exist.
  @Test(arguments: pages) func everyLinkLeadsToAFile(path: String) throws {
    let text = try page(path)
    let folder = URL(fileURLWithPath: "\(Program.package)/\(path)").deletingLastPathComponent()
    let links = text.matches(of: #/\]\((?<file>[^)]+)\)/#).map { String($0.output.file) }
    // A picture of a page is found by its name alone, in the folder of resources.
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

  /// Every name of every catalog and every field stands in the page of the language, as code.
  @Test func theLanguagePageNamesEveryField() throws {
    let page = try page("Sources/dlrun/dlrun.docc/ModelLanguage.md")
    var names: [String] = []
    func add(_ fields: [FieldDescription]) { names += fields.map(\.name) }
    func add<Product>(_ catalog: Catalog<Product>) {
      for entry in catalog.entries {
        names.append(entry.reference.name)
        names += entry.reference.aliases
        add(entry.fields)
      }
    }
    add(LayerCatalog.all)
    add(FillerCatalog.all)
    add(SolverCatalog.all)
    add(PolicyCatalog.all)
    add(RegularizerCatalog.all)
    add(DataSourceCatalog.all)
    add(LayerHeader.fieldDescriptions)
    add(ParameterOptions.fieldDescriptions)
    add(SolverDeclaration.fieldDescriptions)
    add(Warmup.fieldDescriptions)
    add(EarlyStop.fieldDescriptions)
    add(DataDeclaration.fieldDescriptions)
    #expect(names.count > 80)
    for name in names { #expect(page.contains("`\(name)`"), "\(name) is missing") }
  }

  /// The page states the defaults of an empty file.
  @Test func theLanguagePageStatesDefaults() throws {
    let page = try page("Sources/dlrun/dlrun.docc/ModelLanguage.md")
    let descriptions =
      SolverDeclaration.fieldDescriptions + DataDeclaration.fieldDescriptions
      + DataSourceCatalog.all.entries.flatMap(\.fields)
    for field in descriptions {
      guard let scalar = field.defaultValue?.scalar else { continue }
      let rows = page.split(separator: "\n").filter {
        $0.contains("| `\(field.name)` |") || $0.contains("| `\(field.name)`: ")
      }
      let isStated = rows.contains { row in
        let last = row.split(separator: "|").last { !$0.allSatisfy { $0 == " " } } ?? ""
        return last.contains(scalar.text)
      }
      #expect(isStated, "\(field.name): \(scalar.text)")
    }
  }
}

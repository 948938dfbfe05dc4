import Fields
import Layers
import Oracles
import Testing

@Suite struct HelpLayerTests {
  static let names = LayerCatalog.all.names

  @Test func listsEveryType() throws {
    let result = try Program.run(["help-layer"], in: TemporaryFolder())
    #expect(result.exitCode == 0)
    #expect(result.errors.isEmpty)
    let lines = result.output.split(separator: "\n")
    #expect(lines.map { String($0.prefix { $0 != " " }) } == HelpLayerTests.names)
    let first = try #require(lines.first)
    #expect(first.hasPrefix("Linear ") && first.hasSuffix(" y = x·Wᵀ + b"))
  }

  @Test(.tags(.slow), arguments: names)
  func explainsAType(name: String) throws {
    let result = try Program.run(["help-layer", name], in: TemporaryFolder())
    #expect(result.exitCode == 0)
    #expect(result.errors.isEmpty)
    #expect(result.output.hasPrefix("\(name) (layer)"))
    #expect(result.output.contains("\nFields of every layer:\n  name: a name of 1 to 200 "))
    #expect(result.output.contains("\nExample:\n\n    {name: "))
    #expect(result.output.contains("type: \(name)"))
  }

  @Test func explainsTheFieldsOfALayer() throws {
    let result = try Program.run(["help-layer", "ReLU"], in: TemporaryFolder())
    #expect(
      result.output.contains(
        """

        Fields:
          negative_slope: a number from -1000000 to 1000000, default 0
              The slope for negative inputs.

        Fields of every layer:
        """))
  }

  /// Caffe's name leads to the same page.
  @Test func acceptsTheSecondName() throws {
    let folder = try TemporaryFolder()
    let page = try Program.run(["help-layer", "InnerProduct"], in: folder)
    #expect(page.output.hasPrefix("Linear (layer), also called InnerProduct\n"))
    #expect(try Program.run(["help-layer", "Linear"], in: folder).output == page.output)
  }

  @Test func suggestsAType() throws {
    let result = try Program.run(["help-layer", "SoftMax"], in: TemporaryFolder())
    #expect(result.exitCode == 1)
    #expect(result.output.isEmpty)
    #expect(
      result.errors == """
        error: unknown layer type 'SoftMax' ('dlrun help-layer' lists them); did you mean 'Softmax'?

        """)
  }
}

internal import Expressions
internal import Kernels
internal import Layers
internal import ModelFiles
internal import Plans
internal import Tensors
internal import YAML

/// The table of a graph for `dlrun show` and the report: one row for each layer, and totals.
package struct ModelTable: Sendable {
  package struct Row: Sendable, Equatable {
    package let name: String
    package let type: String
    /// The shape of the first top. `scalar` for a loss or metric, `none` without a top.
    package let outputShape: String
    /// The memory layout of the first top: `plain`, `channels last` or `blocked`.
    package let layout: String
    /// The number of values of its trained parameters. Shared parameters count only in the layer
    /// that defined them.
    package let parameters: Int
    /// The number of values of its running statistics, which gradients do not change.
    package let statistics: Int
    /// The number of operations of one forward pass over the batch.
    package let flops: Double
  }

  package let rows: [Row]

  package init(_ graph: Graph) {
    let layouts = graph.layouts
    rows = graph.nodes.map { node in
      let owned = node.parameters.map { graph.parameters[$0] }.filter { $0.owner == node.name }
      func count(_ isCounted: (ParameterDeclaration.Role) -> Bool) -> Int {
        owned.filter { isCounted($0.declaration.role) }
          .reduce(0) { $0 + $1.declaration.shape.count }
      }
      return Row(
        name: node.name, type: node.declaration.typeName,
        outputShape: graph.outputShapes(of: node).first?.description ?? "none",
        layout: (node.tops.first.map { layouts[$0] } ?? .plain).rawValue,
        parameters: count(\.isTrained), statistics: count { $0 == .statistic },
        flops: graph.flops(of: node))
    }
  }

  package var parameterCount: Int { rows.reduce(0) { $0 + $1.parameters } }
  package var statisticCount: Int { rows.reduce(0) { $0 + $1.statistics } }
  package var flops: Double { rows.reduce(0) { $0 + $1.flops } }

  /// The table as text, with totals. It shows layouts if any is not row-major, and running
  /// statistics if there are any.
  package var text: String {
    let showsLayouts = rows.contains { $0.layout != TensorLayout.plain.rawValue }
    func layout(_ text: String) -> [String] { showsLayouts ? [text] : [] }
    let showsStatistics = statisticCount > 0
    func statistics(_ text: String) -> [String] { showsStatistics ? [text] : [] }
    var cells = [
      ["layer", "type", "output"] + layout("layout") + ["parameters"] + statistics("statistics")
        + ["FLOPs"]
    ]
    cells += rows.map {
      [$0.name.escapingControls, $0.type, $0.outputShape] + layout($0.layout)
        + [String($0.parameters)] + statistics(String($0.statistics))
        + [ModelTable.count($0.flops)]
    }
    cells.append(
      ["total", "", ""] + layout("") + [String(parameterCount)]
        + statistics(String(statisticCount)) + [ModelTable.count(flops)])
    let columns = cells[0].count
    let numbers = (showsStatistics ? columns - 3 : columns - 2)..<columns
    return TextTable.lines(cells, rightAligned: Set(numbers))
      .joined(separator: "\n")
  }

  /// Returns the count as an integer if that is exact.
  private static func count(_ flops: Double) -> String {
    Int(exactly: flops).map(String.init) ?? "\(flops)"
  }
}

extension MemoryEstimate {
  /// The estimate as `dlrun show` prints it: `memory: 41.2 MiB (weights 2.6, …)`.
  package var text: String { "memory: \(text(in: MemoryUnit.of(total)))" }
}

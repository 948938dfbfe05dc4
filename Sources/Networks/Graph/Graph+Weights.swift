internal import Layers
internal import ModelFiles
package import YAML

extension Graph {
  /// Reports the losses of the file's own making that compare predictions with targets. They cannot
  /// give examples different weights.
  package func checkTakesWeights(_ diagnostics: inout Diagnostics) {
    let search = PredictionSearch(self)
    for node in nodes where node.kind.loss == nil && node.declaration.isWeighed {
      guard node.tops.contains(where: search.dependsOnLabels) else { continue }
      diagnostics.error(
        "\(node.declaration.subject): expected a loss layer such as EuclideanLoss, since the data "
          + "have weights, which other layers do not apply", at: node.declaration.node.mark)
    }
  }
}

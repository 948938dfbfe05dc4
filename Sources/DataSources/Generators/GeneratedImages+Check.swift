package import YAML

extension GeneratedImages {
  package func check(
    _ declaration: DataDeclaration, at node: Node, _ diagnostics: inout Diagnostics
  ) {
    topNames.check("tops", "label", at: node, &diagnostics)
    if pairs, tops.count != 2 {
      diagnostics.error(
        "pairs: expected two tops for the images of a pair, received \(tops.count)",
        at: (node["pairs"] ?? node).mark)
    }
    checkGenerated(declaration, at: node, &diagnostics)
  }
}

internal import Fields
package import YAML

extension Catalog {
  /// Decodes a mapping with `type`, or a bare name.
  ///
  /// - Throws: the mistakes.
  package func decoded(_ node: Node) throws(Diagnostics) -> Product {
    var diagnostics = Diagnostics()
    guard let product = decode(node, of: kind, &diagnostics), !diagnostics.hasErrors else {
      throw diagnostics
    }
    return product
  }

  /// Decodes a piece of YAML.
  package func decoded(_ text: String) throws(Diagnostics) -> Product {
    try decoded(Node.parse(Array(text.utf8), name: "test.yaml"))
  }
}

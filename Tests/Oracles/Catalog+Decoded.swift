internal import Fields
package import YAML

extension Catalog {
  /// What a mapping with `type` states, or a bare name.
  ///
  /// - Throws: what is wrong with it.
  package func decoded(_ node: Node) throws(Diagnostics) -> Product {
    var diagnostics = Diagnostics()
    guard let product = decode(node, of: kind, &diagnostics), !diagnostics.hasErrors else {
      throw diagnostics
    }
    return product
  }

  /// What a piece of YAML states.
  package func decoded(_ text: String) throws(Diagnostics) -> Product {
    try decoded(Node.parse(Array(text.utf8), name: "test.yaml"))
  }
}

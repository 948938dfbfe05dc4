internal import DataFiles
internal import DataSources
internal import Layers
internal import ModelFiles
internal import Tensors
internal import YAML

extension GraphBuilder {
  /// Gives a layer that reads categories its size. Returns false after the report of a mistake.
  func size(
    _ declaration: inout LayerDeclaration, _ bottoms: [Int], _ diagnostics: inout Diagnostics
  ) -> Bool {
    guard var reader = declaration.layer as? any CategoryReader, let bottom = bottoms.first else {
      return true
    }
    do throws(ShapeFailure) {
      try reader.takeCategories(categories(of: bottom))
    } catch {
      let field = type(of: reader).sizeField
      diagnostics.error(
        "\(declaration.subject): \(error.message)",
        at: declaration.node[field]?.mark ?? declaration.node.mark)
      return false
    }
    declaration.layer = reader
    return true
  }

  /// Returns the categories of each value of a blob's example, as far as layers copy them from the
  /// data.
  private func categories(of blob: Int) -> [IndexedCategories?] {
    let unknown = [IndexedCategories?](repeating: nil, count: blobs[blob].shape.example.count)
    guard let producer = blobs[blob].producer else {
      let top = signature.tops[blob]
      if let classes = top.classes {
        return unknown.map { _ in IndexedCategories(top.name, count: classes.count) }
      }
      guard !top.categoryCounts.isEmpty else { return unknown }
      return top.categoryCounts.enumerated().map { index, count in
        count.map { IndexedCategories(top.valueName(index), count: $0) }
      }
    }
    let node = nodes[producer]
    guard let bottom = node.bottoms.first, let place = node.tops.firstIndex(of: blob) else {
      return unknown
    }
    // Large examples, such as images, have no categories.
    let before = categories(of: bottom)
    guard before.contains(where: { $0 != nil }),
      let places = node.layer.copiedPlaces(
        ofTop: place, node.bottoms.map { blobs[$0].shape }, node.tops.map { blobs[$0].shape })
    else { return unknown }
    return places.map { before[$0] }
  }
}

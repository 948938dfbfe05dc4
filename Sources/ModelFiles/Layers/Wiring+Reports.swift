internal import DataFiles
internal import Layers

extension Wiring {
  /// Returns the layers of the test phase that can only serve as metrics.
  ///
  /// Such a layer has one top, and no layer reads it. The top depends on the labels, so it is not a
  /// prediction.
  ///
  /// - Parameter targets: the names of the data's targets.
  /// - Returns: indices into `network`.
  static func unreadReports(of network: [LayerDeclaration], targets: [String]) -> Set<Int> {
    let places = network.indices.filter { network[$0].header.phase != .train }
    guard places.contains(where: { network[$0].header.phase == .test }) else { return [] }
    let layers = named(places.map { network[$0] }, .test)
    var readers: [String: [Int]] = [:]
    for (index, layer) in layers.enumerated() {
      for bottom in Set(layer.bottoms) { readers[bottom, default: []].append(index) }
    }
    // Visits each layer that depends on the labels once.
    var dependent: Set<Int> = []
    var waiting = targets
    while let name = waiting.popLast() {
      for index in readers[name] ?? [] where dependent.insert(index).inserted {
        waiting += layers[index].tops
      }
    }
    return Set(
      dependent.filter { index in
        let layer = layers[index]
        guard layer.declaration.header.phase == .test, layer.declaration.layer.kind.scoring == nil,
          layer.declaration.flaw == nil, layer.tops.count == 1
        else { return false }
        return (readers[layer.tops[0]] ?? []).allSatisfy { $0 == index }
      }.map { places[$0] })
  }
}

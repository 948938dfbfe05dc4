/// The size of a proposed network and the length of its training, by rules from the table.
struct NetworkProposal {
  let hiddenLayers: Int
  let hiddenWidth: Int
  let batchSize: Int
  let epochs: Int

  /// Rows from which the next size of the network is used.
  private static let sizes: [(rows: Int, layers: Int, width: Int)] = [
    (0, 1, 16), (1_000, 2, 32), (10_000, 2, 64), (100_000, 2, 128), (1_000_000, 2, 256),
  ]
  /// Rows from which the next batch size is used.
  private static let batches: [(rows: Int, size: Int)] = [
    (0, 16), (2_000, 32), (20_000, 128), (200_000, 512),
  ]
  /// The wanted number of iterations. At least 5 and at most 100 epochs.
  private static let iterations = 4000

  /// - Parameters:
  ///   - rows: the rows of the training part.
  ///   - inputs: the values of an example.
  ///   - outputs: the outputs of the network.
  init(rows: Int, inputs: Int, outputs: Int) {
    let size = NetworkProposal.sizes.last(where: { rows >= $0.rows }) ?? (0, 1, 16)
    hiddenLayers = size.layers
    // Many inputs or outputs need more than the rows alone suggest.
    let isWide = inputs > 4 * size.width || outputs > size.width / 2
    hiddenWidth = isWide ? 2 * size.width : size.width
    batchSize = NetworkProposal.batches.last(where: { rows >= $0.rows })?.size ?? 16
    let steps = max(1, (rows + batchSize - 1) / batchSize)
    epochs = max(5, min(100, NetworkProposal.iterations / steps))
  }
}

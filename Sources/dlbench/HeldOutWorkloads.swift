/// Held-out networks, on which dlrun was not tuned. They have layers and sizes of their own.
extension Workload {
  static let heldOut = heldOutImages + heldOutVectors

  private static let heldOutImages = [
    training(
      "vgg", "VGG-like on 3x32x32", HeldOutModels.vgg, batchSize: 32, steps: 8, vggProducts),
    training(
      "mobilenet", "MobileNet-like on 3x32x32", HeldOutModels.mobilenet, batchSize: 64, steps: 20,
      mobilenetProducts),
    training(
      "resnet18", "ResNet-18 on 3x32x32", HeldOutModels.resnet18, batchSize: 32, steps: 4,
      resnet18Products),
    training(
      "unet", "U-Net on 1x64x64, Adam", HeldOutModels.unet, batchSize: 8, steps: 30, unetProducts),
  ]

  private static let heldOutVectors = [
    training(
      "conv1d", "3 convolutions on 8x256, Adam", HeldOutModels.conv1d, batchSize: 64, steps: 120,
      conv1dProducts, peers: signalPeers),
    training(
      "mlp_norm", "256-512-512-10, LayerNorm, GELU, dropout, AdamW", HeldOutModels.mlpNorm,
      batchSize: 128, steps: 600, perceptronProducts, peers: vectorPeers),
    training(
      "mlp_gelu", "256-512-512-10, GELU, SGD", HeldOutModels.mlpGELU, batchSize: 128, steps: 600,
      perceptronProducts, peers: vectorPeers),
    training(
      "mlp_batchnorm", "256-512-512-10, BatchNorm, SGD", HeldOutModels.mlpBatchNorm,
      batchSize: 128, steps: 600, perceptronProducts, peers: vectorPeers),
    training(
      "embedding", "8 of 10,000 words, 32 numbers each, 256-256-10, Adam",
      HeldOutModels.embedding, batchSize: 128, steps: 1200, embeddingProducts, peers: vectorPeers),
    training(
      "table", "13-32-16-3, Adam", HeldOutModels.table, batchSize: 32, steps: 30_000,
      [13 * 32, 32 * 16, 16 * 3], peers: vectorPeers),
  ]

  /// In a `scan`, XLA's convolutions take 50 times as long.
  private static let signalPeers: Peers = [
    ("jax_peer.py", ["step"]), ("torch_peer.py", ["eager", "fused", "compile"]),
  ]

  private static let vggProducts = [
    1024 * 64 * 27, 1024 * 64 * 576, 256 * 128 * 576, 256 * 128 * 1152, 64 * 256 * 1152,
    64 * 256 * 2304, 4096 * 512, 512 * 10,
  ]

  private static let mobilenetProducts: [Int] =
    [1024 * 32 * 27] + separable(1024, 32, 64) + separable(256, 64, 128) + separable(256, 128, 128)
    + separable(64, 128, 256) + separable(64, 256, 256) + separable(16, 256, 512) + [512 * 10]

  /// Returns the products of a depthwise convolution and the pointwise one after it.
  private static func separable(_ pixels: Int, _ inputs: Int, _ outputs: Int) -> [Int] {
    [pixels * inputs * 9, pixels * inputs * outputs]
  }

  private static let resnet18Products: [Int] =
    [1024 * 64 * 27] + stage(1024, 64, 64) + stage(256, 64, 128) + stage(64, 128, 256)
    + stage(16, 256, 512) + [512 * 10]

  /// Returns the products of two residual blocks, with a projection if they change the width.
  private static func stage(_ pixels: Int, _ inputs: Int, _ outputs: Int) -> [Int] {
    let product = pixels * outputs * outputs * 9
    let projection = inputs == outputs ? [] : [pixels * inputs * outputs]
    return [pixels * inputs * outputs * 9] + projection + [product, product, product]
  }

  private static let unetProducts = [
    4096 * 16 * 9, 4096 * 16 * 144, 1024 * 32 * 144, 1024 * 32 * 288, 256 * 64 * 288,
    256 * 64 * 576, 256 * 64 * 32 * 4, 1024 * 32 * 576, 1024 * 32 * 288, 1024 * 32 * 16 * 4,
    4096 * 16 * 288, 4096 * 16 * 144, 4096 * 16 * 4,
  ]

  private static let conv1dProducts = [256 * 32 * 40, 128 * 64 * 160, 64 * 128 * 192, 128 * 10]

  private static let perceptronProducts = [256 * 512, 512 * 512, 512 * 10]

  /// The first layer only copies words, and the second has an input gradient.
  private static let embeddingProducts = [0, 256 * 256, 256 * 10]
}

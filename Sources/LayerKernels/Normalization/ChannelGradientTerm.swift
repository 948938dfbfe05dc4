/// The term that ``channelGradient(_:dy:x:to:_:)`` sums.
package enum ChannelGradientTerm: Sendable {
  /// dy, for a bias.
  case gradient
  /// x·dy, for a factor.
  case product
  /// min(x, 0)·dy, for a slope of negative inputs.
  case negativeProduct
}

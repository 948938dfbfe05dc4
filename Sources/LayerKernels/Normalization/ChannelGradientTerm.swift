/// The term that ``channelGradient(_:dy:x:to:_:)`` adds up.
package enum ChannelGradientTerm: Sendable {
  /// dy: of a bias.
  case gradient
  /// x·dy: of a factor.
  case product
  /// min(x, 0)·dy: of a slope for negative inputs.
  case negativeProduct
}

/// The type of one channel of a pixel: `UInt8`, or `UInt16` for images of 16 bits.
///
/// 0 is black and the greatest value is white.
package protocol PixelSample: FixedWidthInteger, UnsignedInteger, BitwiseCopyable, Sendable {}

extension UInt8: PixelSample {}
extension UInt16: PixelSample {}

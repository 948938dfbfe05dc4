/// The bits of 2/π.
enum TwoOverPi {
  /// Returns 192 bits from the weight 2^−first on. Bits before the point are 0.
  ///
  /// - Parameter first: a number from −63 to 1024.
  static func window(from first: Int) -> (high: UInt64, middle: UInt64, low: UInt64) {
    let place = first &+ 63
    let word = place >> 6
    let shift = UInt64(truncatingIfNeeded: place & 63)
    func bits(_ number: Int) -> UInt64 {
      let (upper, lower) = (words[word &+ number], words[word &+ number &+ 1])
      return upper << shift | (lower >> 1) >> (63 &- shift)
    }
    return (bits(0), bits(1), bits(2))
  }

  /// A word of zeros, and the first 1280 bits after the point, most significant first.
  private static let words: [UInt64] = [
    0,
    0xA2F9_836E_4E44_1529, 0xFC27_57D1_F534_DDC0, 0xDB62_9599_3C43_9041, 0xFE51_63AB_DEBB_C561,
    0xB724_6E3A_424D_D2E0, 0x0649_2EEA_09D1_921C, 0xFE1D_EB1C_B129_A73E, 0xE882_35F5_2EBB_4484,
    0xE99C_7026_B45F_7E41, 0x3991_D639_8353_39F4, 0x9C84_5F8B_BDF9_283B, 0x1FF8_97FF_DE05_980F,
    0xEF2F_118B_5A0A_6D1F, 0x6D36_7ECF_27CB_09B7, 0x4F46_3F66_9E5F_EA2D, 0x7527_BAC7_EBE5_F17B,
    0x3D07_39F7_8A52_92EA, 0x6BFB_5FB1_1F8D_5D08, 0x5603_3046_FC7B_6BAB, 0xF0CF_BC20_9AF4_361D,
  ]
}

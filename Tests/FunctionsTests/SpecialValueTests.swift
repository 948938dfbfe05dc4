import Functions
import Testing

/// Zeros, infinities, NaN, limits and exact values.
@Suite struct SpecialValueTests {
  /// The results at −∞, −0, 0 and ∞.
  @Test(
    arguments: [
      ("exp", [0, 1, 1, .infinity]), ("expm1", [-1, -0.0, 0, .infinity]),
      ("log", [.nan, -.infinity, -.infinity, .infinity]), ("log1p", [.nan, -0.0, 0, .infinity]),
      ("tanh", [-1, -0.0, 0, 1]), ("sigmoid", [0, 0.5, 0.5, 1]),
      ("softplus", [0, 0x1.62e42fefa39efp-1, 0x1.62e42fefa39efp-1, .infinity]),
      ("erf", [-1, -0.0, 0, 1]), ("erfc", [2, 1, 1, 0]), ("sin", [.nan, -0.0, 0, .nan]),
      ("cos", [.nan, 1, 1, .nan]), ("tan", [.nan, -0.0, 0, .nan]),
      ("atan", [-0x1.921fb54442d18p0, -0.0, 0, 0x1.921fb54442d18p0]),
    ] as [(String, [Double])])
  func limits(_ name: String, _ expected: [Double]) throws {
    let entry = try #require(FunctionEntry.all.first { $0.name == name })
    for (x, value) in zip([-Double.infinity, -0.0, 0, .infinity], expected) {
      let (double, float) = (entry.double(x), entry.float(Float(x)))
      if value.isNaN {
        #expect(double.isNaN && float.isNaN, "\(name)(\(x))")
      } else {
        #expect(double.bitPattern == value.bitPattern, "\(name)(\(x)) = \(double)")
        #expect(float.bitPattern == Float(value).bitPattern, "\(name)(\(x)) = \(float)")
      }
    }
    #expect(entry.double(.nan).isNaN && entry.float(.nan).isNaN)
  }

  @Test func overflow() {
    #expect(exponential(709.78271289338397) == 0x1.fffffffffff2ap1023)
    #expect(exponential(709.7827128933841) == .infinity)
    #expect(exponential(-745.13321910194110) == .leastNonzeroMagnitude)
    #expect(exponential(-745.1332191019412) == 0)
    #expect(exponential(0x1.62e42ep6 as Float) < .infinity)
    #expect(exponential(0x1.62e430p6 as Float) == .infinity)
    #expect(exponential(-103.97208 as Float) == .leastNonzeroMagnitude)
    #expect(exponential(-103.98 as Float) == 0)
    for x in [710, 1e300, .greatestFiniteMagnitude] as [Double] {
      #expect(exponential(x) == .infinity && exponentialMinusOne(x) == .infinity)
      #expect(exponential(-x - 40) == 0 && exponentialMinusOne(-x) == -1)
      #expect(hyperbolicTangent(x) == 1 && hyperbolicTangent(-x) == -1)
      #expect(sigmoid(x) == 1 && sigmoid(-x - 40) == 0 && softplus(x) == x)
      #expect(errorFunction(x) == 1 && complementaryErrorFunction(x) == 0)
      #expect(complementaryErrorFunction(-x) == 2)
    }
    #expect(logarithm(-1.0).isNaN && logarithmOfOnePlus(-1.5).isNaN)
    #expect(logarithmOfOnePlus(-1.0) == -.infinity && logarithmOfOnePlus(Float(-1)) == -.infinity)
    #expect(
      logarithm((-Float.leastNonzeroMagnitude)).isNaN && logarithmOfOnePlus(Float(-1.5)).isNaN)
  }

  @Test func exactPowers() {
    for base in 2...12 {
      var product = 1.0
      for exponent in 1...60 where product * Double(base) < 0x1p53 {
        product *= Double(base)
        #expect(power(Double(base), Double(exponent)) == product)
        #expect(power(-Double(base), Double(exponent)) == (exponent & 1 == 0 ? product : -product))
        #expect(power(product * product, 0.5) == product || product >= 0x1p26)
        if product < 0x1p24 {
          #expect(power(Float(base), Float(exponent)) == Float(product))
        }
      }
    }
    for exponent in -1022...1023 {
      #expect(power(2, Double(exponent)) == Double(sign: .plus, exponent: exponent, significand: 1))
    }
    #expect(power(2.0, -1074) == .leastNonzeroMagnitude && power(2.0, -1075.5) == 0)
    #expect(power(2.0, 1023) == 0x1p1023 && power(2.0, 1024) == .infinity)
    #expect(power(Float(2), -149) == .leastNonzeroMagnitude && power(Float(2), 128) == .infinity)
  }

  /// The table of IEEE 754-2019, section 9.2.1, for both formats.
  @Test func specialPowers() {
    let infinity = Double.infinity
    let rules: [(Double, Double, Double)] = [
      (.nan, 0, 1), (.nan, -0.0, 1), (0, 0, 1), (infinity, 0, 1), (1, .nan, 1), (1, infinity, 1),
      (1, -infinity, 1), (-1, infinity, 1), (-1, -infinity, 1),
      (0, 3, 0), (-0.0, 3, -0.0), (-0.0, 4, 0), (-0.0, 2.5, 0), (0, 2.5, 0),
      (0, -3, infinity), (-0.0, -3, -infinity), (-0.0, -4, infinity), (-0.0, -2.5, infinity),
      (-0.0, -infinity, infinity), (0, infinity, 0), (0.5, infinity, 0), (0.5, -infinity, infinity),
      (2, infinity, infinity), (2, -infinity, 0), (-2, infinity, infinity), (-2, -infinity, 0),
      (infinity, 0.5, infinity), (infinity, -0.5, 0), (-infinity, 3, -infinity),
      (-infinity, 4, infinity), (-infinity, 2.5, infinity), (-infinity, -3, -0.0),
      (-infinity, -4, 0), (-infinity, -2.5, 0), (-8, 1.0 / 3, .nan), (-1, 0.5, .nan),
      (.nan, 2, .nan), (2, .nan, .nan), (-2, 3, -8), (-2, 4, 16), (-1, 0x1p60, 1), (-1, -3, -1),
    ]
    for (x, y, expected) in rules {
      let (double, float) = (power(x, y), power(Float(x), Float(y)))
      if expected.isNaN {
        #expect(double.isNaN && float.isNaN, "\(x) ^ \(y)")
      } else {
        #expect(double.bitPattern == expected.bitPattern, "\(x) ^ \(y) = \(double)")
        #expect(float.bitPattern == Float(expected).bitPattern, "\(x) ^ \(y) = \(float)")
      }
    }
    // Half of the least denormal number is 0. It is not an odd integer.
    #expect(
      power(Float(-2), .leastNonzeroMagnitude).isNaN && power(-2.0, .leastNonzeroMagnitude).isNaN)
  }

  @Test func quartersOfTurns() {
    for (turns, expected) in [
      (0, 1), (0.25, 0), (0.5, -1), (0.75, 0), (1, 1), (-0.5, -1), (1e15, 1), (0x1p51 + 0.5, -1),
      (1e300, 1),
    ] as [(Double, Double)] {
      #expect(cosine(ofTurns: turns) == expected, "\(turns)")
    }
    #expect(cosine(ofTurns: .infinity).isNaN && cosine(ofTurns: .nan).isNaN)
  }

  /// A known hard case of the reduction, and the greatest double.
  @Test func hugeAngles() {
    #expect(sine(0x1.6ac5b262ca1ffp849) == 1)
    #expect(cosine(0x1.6ac5b262ca1ffp849) == -4.687165924254628e-19)
    #expect(sine(Double.greatestFiniteMagnitude) == 0.004961954789184062)
    #expect(cosine(Double.greatestFiniteMagnitude) == -0.9999876894265599)
    #expect(sine(Float.greatestFiniteMagnitude) == -0.5218765)
  }

  /// Functions that grow do not step back where a formula ends and another begins.
  @Test(arguments: ["exp", "expm1", "tanh", "sigmoid", "softplus", "erf", "atan"])
  func growing(_ name: String) throws {
    let entry = try #require(FunctionEntry.all.first { $0.name == name })
    let limits: [Double] = [
      -745, -104, -88, -40, -22, -9, -6, -4, -1, 1, 4, 5.9, 6, 9, 17, 22, 37, 40, 88.7, 709,
    ]
    for limit in limits {
      var (x, small) = (limit, Float(limit))
      for _ in 0..<200 {
        x = x.nextDown
        small = small.nextDown
      }
      for _ in 0..<400 {
        // Neighbours may differ by an error of one unit in the last place, as documented.
        let (value, next) = (entry.double(x), entry.double(x.nextUp))
        #expect(next == value || next >= value - value.ulp, "\(name)(\(x))")
        let (float, above) = (entry.float(small), entry.float(small.nextUp))
        #expect(above == float || above >= float - 2 * float.ulp, "\(name)(\(small))")
        x = x.nextUp
        small = small.nextUp
      }
      // No result passes the limit of its function.
      if ["tanh", "erf", "sigmoid"].contains(name) {
        #expect(entry.double(x).magnitude <= 1 && entry.float(small).magnitude <= 1)
      }
    }
  }
}

/// What is wrong with a formula, and at which byte of its text.
struct FormulaMistake: Error, Equatable {
  let message: String
  let offset: Int
  var suggestion: String?
}

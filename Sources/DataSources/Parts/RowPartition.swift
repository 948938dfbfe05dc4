/// Assigns rows to numbered parts.
///
/// With classes, every part has nearly the same shares of the classes.
struct RowPartition {
  /// The rows in the order in which they are assigned.
  let order: [Int]
  /// The class of each row, counted from 0 without gaps. Nil when the classes do not matter.
  let classes: [Int]?

  /// Returns part 0 for `count` rows, and part 1 for the others.
  ///
  /// Without classes these are the first rows. With classes, part 0 takes the first rows of each
  /// class. Their numbers are the exact shares, rounded down but at least 1, and at most all rows
  /// of the class but one. The rows that are then missing come one by one from the classes with the
  /// greatest remainders, of equal ones from the first class. Surplus rows leave the classes with
  /// the least remainders in the same way. The total is `count` whenever these limits allow it.
  func parts(cutAt count: Int) -> [Int] {
    var parts = [Int](repeating: 1, count: order.count)
    guard let classes else {
      for row in order.prefix(count) { parts[row] = 0 }
      return parts
    }
    var left = quotas(of: classes, total: count)
    for row in order where left[classes[row]] > 0 {
      left[classes[row]] -= 1
      parts[row] = 0
    }
    return parts
  }

  /// Returns the number of rows of each class in part 0.
  private func quotas(of classes: [Int], total: Int) -> [Int] {
    let sizes = sizes(of: classes)
    let share = Double(total) / Double(max(1, order.count))
    let exact = sizes.map { share * Double($0) }
    var quotas = zip(exact, sizes).map { max(1, min(Int($0), $1 - 1)) }
    var missing = total - quotas.reduce(0, +)
    let step = missing.signum()
    func hasRoom(_ label: Int) -> Bool {
      step > 0 ? quotas[label] < sizes[label] - 1 : quotas[label] > 1
    }
    var open = sizes.indices.filter(hasRoom)
    while missing != 0, !open.isEmpty {
      let sorted = open.sorted { left, right in
        let remainders = [left, right].map { (exact[$0] - Double(quotas[$0])) * Double(step) }
        return remainders[0] == remainders[1] ? left < right : remainders[0] > remainders[1]
      }
      for label in sorted.prefix(abs(missing)) {
        quotas[label] += step
        missing -= step
      }
      open = open.filter(hasRoom)
    }
    return quotas
  }

  private func sizes(of classes: [Int]) -> [Int] {
    var sizes = [Int](repeating: 0, count: (classes.max() ?? -1) + 1)
    for label in classes { sizes[label] += 1 }
    return sizes
  }

  /// Returns the fold of each row. The sizes of the folds differ by at most one.
  ///
  /// Without classes, a fold is a run of successive rows. With classes, the rows are sorted by
  /// class and dealt to the folds in turn, so that the numbers of each class differ by at most one
  /// too.
  func folds(_ count: Int) -> [Int] {
    var folds = [Int](repeating: 0, count: order.count)
    guard let classes else {
      let (size, more) = order.count.quotientAndRemainder(dividingBy: count)
      for (place, row) in order.enumerated() {
        let long = (size + 1) * more
        folds[row] = place < long ? place / (size + 1) : more + (place - long) / max(1, size)
      }
      return folds
    }
    var next = starts(of: classes)
    for row in order {
      folds[row] = next[classes[row]] % count
      next[classes[row]] += 1
    }
    return folds
  }

  /// Returns the place of the first row of each class among all rows sorted by class.
  private func starts(of classes: [Int]) -> [Int] {
    var start = 0
    return sizes(of: classes).map { size in
      defer { start += size }
      return start
    }
  }

  /// Returns the part of each row, with all rows of a group in one part. Every part has a group.
  ///
  /// - Two parts without classes: the groups follow each other in the order of their first rows.
  ///   Part 0 takes the first groups, so many that its size is nearest to its share.
  /// - Otherwise the groups are taken from the largest to the smallest, and groups of equal size in
  ///   the order of their first rows. Each goes to the part that lacks most: to the one where the
  ///   sum of (rows − share)²/(rows of the class)² over the classes grows least. Of equal ones it
  ///   goes to the one with the fewest rows, and then to the first.
  ///
  /// - Parameters:
  ///   - groups: the number of each row's group. There are at least as many groups as parts.
  ///   - shares: the share of each part; their sum is 1.
  ///   - inOrder: whether the groups are always taken in the order of their first rows.
  func parts(grouped groups: [Int], _ shares: [Double], inOrder: Bool) -> [Int] {
    let members = members(groups)
    var partOf = [Int](repeating: 0, count: members.count)
    if classes == nil, shares.count == 2 {
      let cut = cut(members.map(\.count), share: shares[0])
      for group in cut..<members.count { partOf[group] = 1 }
    } else {
      let taken =
        inOrder
        ? Array(members.indices)
        : members.indices.sorted { left, right in
          let sizes = (members[left].count, members[right].count)
          return sizes.0 == sizes.1 ? left < right : sizes.0 > sizes.1
        }
      partOf = balanced(members, taken, shares)
    }
    var parts = [Int](repeating: 0, count: order.count)
    for (group, rows) in members.enumerated() {
      for row in rows { parts[row] = partOf[group] }
    }
    return parts
  }

  /// Returns the rows of each group, in the order of the groups' first rows.
  private func members(_ groups: [Int]) -> [[Int]] {
    var places: [Int: Int] = [:]
    var members: [[Int]] = []
    for row in order {
      if let place = places[groups[row]] {
        members[place].append(row)
      } else {
        places[groups[row]] = members.count
        members.append([row])
      }
    }
    return members
  }

  /// Returns the number of first groups whose rows are nearest to a share of all rows. It leaves at
  /// least one group on either side.
  private func cut(_ sizes: [Int], share: Double) -> Int {
    let wanted = share * Double(order.count)
    var (best, rows) = (1, 0)
    var distance = Double.infinity
    for (group, size) in sizes.dropLast().enumerated() {
      rows += size
      let own = abs(Double(rows) - wanted)
      if own < distance { (best, distance) = (group + 1, own) }
    }
    return best
  }

  /// Returns the part of each group.
  private func balanced(_ members: [[Int]], _ taken: [Int], _ shares: [Double]) -> [Int] {
    let classes = classes ?? [Int](repeating: 0, count: order.count)
    let sizes = sizes(of: classes)
    var counts = shares.map { _ in [Int](repeating: 0, count: sizes.count) }
    var totals = [Int](repeating: 0, count: shares.count)
    var empty = shares.count
    var partOf = [Int](repeating: 0, count: members.count)
    for (place, group) in taken.enumerated() {
      var own: [Int: Int] = [:]
      for row in members[group] { own[classes[row], default: 0] += 1 }
      let labels = own.keys.sorted()
      let fillsEmpty = taken.count - place <= empty
      var best: (part: Int, growth: Double)?
      for part in shares.indices where !fillsEmpty || totals[part] == 0 {
        var growth = 0.0
        for label in labels {
          let (added, size) = (Double(own[label] ?? 0), Double(sizes[label]))
          let lack = Double(counts[part][label]) - shares[part] * size
          growth += added * (added + 2 * lack) / (size * size)
        }
        guard let known = best else {
          best = (part, growth)
          continue
        }
        if growth < known.growth
          || growth == known.growth && totals[part] < totals[known.part]
        {
          best = (part, growth)
        }
      }
      let part = best?.part ?? 0
      if totals[part] == 0 { empty -= 1 }
      for label in labels { counts[part][label] += own[label] ?? 0 }
      totals[part] += members[group].count
      partOf[group] = part
    }
    return partOf
  }
}

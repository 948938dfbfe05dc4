/// The style of charts and of the page, for light and dark screens and for paper.
package struct StyleSheet: Sendable {
  package let text: String

  /// Makes the rules for charts that use the first `colorCount` colours of the palette.
  ///
  /// They use no custom properties, which viewers of standalone pictures do not support.
  package init(chartsOf colorCount: Int) {
    let indices = 0..<min(colorCount, Palette.count)
    let light = indices.map { ".c\($0){color:\(Palette.light($0))}" }.joined()
    let dark = indices.map { ".c\($0){color:\(Palette.dark($0))}" }.joined()
    text = """
      \(StyleSheet.charts)\(light)
      @media screen and (prefers-color-scheme:dark){
      \(StyleSheet.darkCharts)\(dark)
      }

      """
  }

  /// The rules for the page around its charts.
  package static let page = StyleSheet(text: lightPage + darkPage + narrowPage + printedPage)

  private init(text: String) { self.text = text }

  private static let charts = """
    .chart{overflow:visible;
    font:11px system-ui,-apple-system,Segoe UI,Roboto,DejaVu Sans,sans-serif}
    .chart text{fill:#3d434b}
    .chart .title{font-size:13px;font-weight:600;fill:#16191d}
    .chart .note{fill:#666d76}
    .tick{font-variant-numeric:tabular-nums}
    .paper{fill:#fff}
    .grid{fill:none;stroke:#e4e7eb}
    .frame{fill:none;stroke:#8a929c}
    .line{fill:none;stroke:currentColor;stroke-width:1.6;stroke-linejoin:round;stroke-linecap:round}
    .band{fill:currentColor;fill-opacity:.22}
    .dots{fill:currentColor;stroke:#fff}
    .chart .value{fill:currentColor;font-weight:600}
    .gap{fill:none;stroke:#c2182b;stroke-width:4}
    .divergence{fill:none;stroke:#c2182b;stroke-width:1.4;stroke-dasharray:5 3}
    .regions{opacity:.28}
    .region{fill:currentColor;stroke:currentColor}
    .unsure1,.unsure2{fill:#fff;fill-opacity:.36}
    .unsure2{fill-opacity:.62}
    .point{fill:currentColor;stroke:#1c2024;stroke-width:.6}

    """

  private static let darkCharts = """
    .chart text{fill:#c3c9d1}
    .chart .title{fill:#eceff3}
    .chart .note{fill:#959da8}
    .paper{fill:#14171b}
    .grid{stroke:#2a2f36}
    .frame{stroke:#6b7480}
    .dots{stroke:#14171b}
    .gap,.divergence{stroke:#ff6b78}
    .regions{opacity:.36}
    .unsure1,.unsure2{fill:#14171b}
    .point{stroke:#0b0d0f}

    """

  private static let lightPage = """
    *{box-sizing:border-box}
    body{margin:0;background:#fff;color:#16191d;
    font:15px/1.5 system-ui,-apple-system,Segoe UI,Roboto,DejaVu Sans,sans-serif}
    main{max-width:1088px;margin:0 auto;padding:32px 24px 48px}
    h1{margin:0;font-size:26px;line-height:1.25;overflow-wrap:anywhere}
    h2{margin:36px 0 12px;font-size:17px}
    .subtitle{margin:4px 0 0;color:#5a616a;overflow-wrap:anywhere}
    .summary{display:flex;flex-wrap:wrap;gap:4px 36px;margin:20px 0 0;padding:12px 0;
    border:solid #dfe3e8;border-width:1px 0}
    .summary dt{font-size:12px;color:#5a616a}
    .summary dd{margin:0;font-size:19px;font-weight:600;font-variant-numeric:tabular-nums;
    overflow-wrap:anywhere}
    .failure{margin:20px 0 0;padding:12px 16px;border-left:5px solid #c2182b;background:#fdecee;
    color:#7d0f1c;white-space:pre-line;overflow-wrap:anywhere;print-color-adjust:exact}
    .expectations{margin:0;padding-left:20px;overflow-wrap:anywhere}
    .expectations .unmet{color:#a3142a;font-weight:600}
    .warnings{margin:0;padding:12px 16px 12px 32px;border-left:5px solid #b97900;background:#fdf5e3;
    overflow-wrap:anywhere;print-color-adjust:exact}
    .warnings span{color:#5a616a}
    .figures{display:grid;grid-template-columns:1fr 1fr;gap:28px 20px;margin-top:28px}
    figure{margin:0;min-width:0;break-inside:avoid}
    figure.wide{grid-column:1/-1}
    figure.narrow{display:none}
    figure.tall{grid-row:span 2}
    svg{display:block;width:100%;height:auto;print-color-adjust:exact}
    .scroll{overflow-x:auto}
    table{width:100%;border-collapse:collapse;font-variant-numeric:tabular-nums}
    th,td{padding:5px 12px 5px 0;text-align:left;vertical-align:top}
    th{font-size:12px;font-weight:600;color:#5a616a}
    th.number,td.number{padding:5px 0 5px 12px;text-align:right;white-space:nowrap}
    tbody tr,tfoot tr{border-top:1px solid #dfe3e8;break-inside:avoid}
    tfoot td{font-weight:600}
    details{margin-top:36px}
    summary{font-size:17px;font-weight:600;cursor:pointer}
    pre{margin:12px 0 0;padding:14px 16px;overflow-x:auto;background:#f5f6f8;border-radius:6px;
    font:13px/1.5 ui-monospace,Menlo,Consolas,DejaVu Sans Mono,monospace;tab-size:2}

    """

  private static let darkPage = """
    @media screen and (prefers-color-scheme:dark){
    body{background:#14171b;color:#eceff3}
    .subtitle,.summary dt,th{color:#a2aab4}
    .summary,tbody tr,tfoot tr{border-color:#2f353d}
    .failure{background:#3a1519;color:#ffc9ce;border-color:#ff6b78}
    .expectations .unmet{color:#ff8f9a}
    .warnings{background:#332711;border-color:#e0a526}
    .warnings span{color:#a2aab4}
    pre{background:#1d2126}
    }

    """

  private static let narrowPage = """
    @media screen and (max-width:760px){
    main{padding:20px 14px 32px}
    .figures{grid-template-columns:1fr}
    figure.wide{display:none}
    figure.narrow{display:block}
    table{font-size:13px}
    th{font-size:11px}
    th,td{padding-right:8px}
    th.number,td.number{padding-left:4px}
    }

    """

  private static let printedPage = """
    @media print{
    @page{margin:14mm}
    main{max-width:none;padding:0}
    pre{white-space:pre-wrap;overflow-wrap:anywhere}
    details::details-content{content-visibility:visible;block-size:auto}
    }

    """
}

extension MarkupWriter {
  /// Writes a style sheet. Its text needs no escapes, so that it is the same in HTML and XML.
  package mutating func style(_ rules: StyleSheet) {
    element("style") { $0.text(rules.text) }
  }
}

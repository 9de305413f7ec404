namespace FreezeBench.Tool.Tests.Browser;

/// <summary>Scripts that judge a page from inside. Contrast is WCAG 2.2's: relative luminances of two colours, each plus 0.05,
/// the lighter divided by the darker.</summary>
internal static class PageScripts
{
    private const string Colours = """
        const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
        const rgba = colour => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); return canvas.getImageData(0, 0, 1, 1).data; };
        const luminance = c => { const [r, g, b] = [c[0], c[1], c[2]].map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
        const contrast = (a, b) => { const [x, y] = [luminance(rgba(a)), luminance(rgba(b))].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05); };
        const behind = element => { for (let e = element; e; e = e.parentElement) { const b = getComputedStyle(e).backgroundColor; if (rgba(b)[3] > 0) return b; } return 'white'; };
        """;

    /// <summary>Texts with a contrast below 4.5, each once by its colours. A text over a bar of a plot is judged against the bar
    /// that its middle lies on.</summary>
    internal const string WeakTexts = "() => {" + Colours + """
        const weak = new Set();
        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        while (walker.nextNode()) {
          const element = walker.currentNode.parentElement;
          if (!walker.currentNode.data.trim() || ['SCRIPT', 'title', 'desc'].includes(element.tagName)) continue;
          const plotted = element.tagName === 'text', style = getComputedStyle(element);
          let ground = behind(element);
          if (plotted && /\bon\d/.test(element.getAttribute('class') ?? '')) {
            const number = element.getAttribute('class').match(/\d+/)[0];
            ground = getComputedStyle(element.ownerSVGElement.querySelector('.f' + number)).fill;
          }
          const ink = plotted ? style.fill : style.color, ratio = contrast(ink, ground);
          if (ratio < 4.5) weak.add(`${element.tagName}.${element.getAttribute('class')}: ${ink} on ${ground} is ${ratio.toFixed(2)}`);
        }
        return [...weak];
        }
        """;

    /// <summary>Policies' colours with a contrast to the page below 3, what WCAG asks of graphics.</summary>
    internal const string WeakSwatches = "() => {" + Colours + """
        const weak = new Set();
        for (const swatch of document.querySelectorAll('th.p')) {
          const colour = getComputedStyle(swatch, '::before').backgroundColor, ratio = contrast(colour, behind(document.body));
          if (ratio < 3) weak.add(`${swatch.className}: ${colour} is ${ratio.toFixed(2)}`);
        }
        return [...weak];
        }
        """;
}

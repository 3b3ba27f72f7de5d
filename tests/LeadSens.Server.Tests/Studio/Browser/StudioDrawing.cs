using System.Globalization;
using System.Text.RegularExpressions;
using LeadSens.Server.Tests.Workflows.Shipped;
using Microsoft.Playwright;

namespace LeadSens.Server.Tests.Studio.Browser;

/// <summary>What Studio's designer really draws: its boxes and the paths of its connections.</summary>
internal static partial class StudioDrawing
{
    public static async Task<Drawing> ReadAsync(IPage page)
    {
        var boxes = await page.Locator(".x6-node").EvaluateAllAsync<string[]>("nodes => nodes.map(n => { const f = n.querySelector('foreignObject'); return [n.getAttribute('data-cell-id'), n.getAttribute('transform'), f.getAttribute('width'), f.getAttribute('height')].join(' '); })");
        var lines = await page.Locator(".x6-edge path:first-child").EvaluateAllAsync<string[]>("paths => paths.map(path => path.getAttribute('d'))");
        var drawn = boxes.Select(Box).ToList();
        return new(drawn, [.. lines.Select(path => Line(path, drawn))]);
    }

    private static DrawnBox Box(string text)
    {
        var numbers = Numbers(text[text.IndexOf(' ', StringComparison.Ordinal)..]);
        return new(text[..text.IndexOf(' ', StringComparison.Ordinal)], numbers[0], numbers[1], numbers[2], numbers[3]);
    }

    /// <summary>M and L are followed by one point, C by three of which the last is on the line.</summary>
    private static DrawnLine Line(string path, List<DrawnBox> boxes)
    {
        var dots = Commands().Matches(path).Select(command => Numbers(command.Value)).Select(numbers => new Dot(numbers[^2], numbers[^1])).ToList();
        var from = boxes.MinBy(box => Math.Abs(box.X + box.Width - dots[0].X) + Outside(dots[0].Y, box))!;
        var to = boxes.MinBy(box => Math.Abs(box.X - dots[^1].X) + Outside(dots[^1].Y, box))!;
        return new(from.Id, dots[0].Y.ToString(CultureInfo.InvariantCulture), to.Id, dots);
    }

    private static double Outside(double y, DrawnBox box) => Math.Max(0, Math.Max(box.Y - y, y - box.Y - box.Height));

    private static double[] Numbers(string text) => [.. Number().Matches(text).Select(number => double.Parse(number.Value, CultureInfo.InvariantCulture))];

    [GeneratedRegex("[MLC][^MLC]*")]
    private static partial Regex Commands();

    [GeneratedRegex(@"-?\d+(\.\d+)?")]
    private static partial Regex Number();
}

namespace LeadSens.Server.Tests.Workflows.Shipped;

internal readonly record struct Dot(double X, double Y);

/// <summary>A box as it lies on the canvas.</summary>
internal sealed record DrawnBox(string Id, double X, double Y, double Width, double Height)
{
    public bool Covers(DrawnBox other) => X < other.X + other.Width && other.X < X + Width && Y < other.Y + other.Height && other.Y < Y + Height;
}

/// <summary>A connection as it is drawn, from port to port.</summary>
internal sealed record DrawnLine(string From, string Port, string To, IReadOnlyList<Dot> Dots)
{
    public IEnumerable<(Dot Start, Dot End)> Parts => Dots.Zip(Dots.Skip(1));

    /// <summary>Lines that begin or end at one port may run together.</summary>
    public bool SharesPort(DrawnLine other) => To == other.To || From == other.From && Port == other.Port;

    public override string ToString() => $"{From}.{Port} → {To}";
}

/// <summary>Boxes and lines on a canvas, and what is wrong with how they lie.</summary>
internal sealed record Drawing(IReadOnlyList<DrawnBox> Boxes, IReadOnlyList<DrawnLine> Lines)
{
    public double Width => Boxes.Max(box => box.X + box.Width) - Boxes.Min(box => box.X);

    public double Height => Boxes.Max(box => box.Y + box.Height) - Boxes.Min(box => box.Y);

    public IEnumerable<string> Faults() =>
        Pairs(Boxes).Where(pair => pair.One.Covers(pair.Other)).Select(pair => $"{pair.One.Id} and {pair.Other.Id} overlap")
            .Concat(Pairs(Lines).Where(pair => !pair.One.SharesPort(pair.Other) && Meet(pair.One, pair.Other)).Select(pair => $"{pair.One} meets {pair.Other}"))
            .Concat(from line in Lines from box in Boxes where Crosses(line, box) select $"{line} crosses {box.Id}");

    private static bool Meet(DrawnLine one, DrawnLine other) => (from a in one.Parts from b in other.Parts select Meet(a, b)).Any(meet => meet);

    /// <summary>All parts are level or upright, up to the rounding of their corners: they meet where their extents do.</summary>
    private static bool Meet((Dot Start, Dot End) a, (Dot Start, Dot End) b) =>
        Overlap(a.Start.X, a.End.X, b.Start.X, b.End.X) && Overlap(a.Start.Y, a.End.Y, b.Start.Y, b.End.Y);

    /// <summary>Through the inside of the box; its edge is where ports are.</summary>
    private static bool Crosses(DrawnLine line, DrawnBox box)
    {
        const double Edge = 3;
        return line.Parts.Any(part => Overlap(part.Start.X, part.End.X, box.X + Edge, box.X + box.Width - Edge) && Overlap(part.Start.Y, part.End.Y, box.Y + Edge, box.Y + box.Height - Edge));
    }

    private static bool Overlap(double a, double b, double c, double d) => Math.Min(a, b) <= Math.Max(c, d) && Math.Min(c, d) <= Math.Max(a, b);

    private static IEnumerable<(T One, T Other)> Pairs<T>(IReadOnlyList<T> items) =>
        items.SelectMany((one, index) => items.Skip(index + 1).Select(other => (one, other)));
}

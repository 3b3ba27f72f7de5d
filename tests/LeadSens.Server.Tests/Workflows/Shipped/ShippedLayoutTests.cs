using System.Text.Json.Nodes;
using LeadSens.Activities;
using LeadSens.Engine;

namespace LeadSens.Server.Tests.Workflows.Shipped;

/// <summary>A shipped graph is the first thing that a person sees of LeadSens in Studio.</summary>
public sealed class ShippedLayoutTests
{
    private static readonly ActivityRegistry Activities = new ActivityRegistry().RegisterAll(typeof(StageActivity).Assembly);

    public static TheoryData<string> Files => [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "workflows"), "*.json").Select(file => Path.GetFileName(file))];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task No_box_covers_another_and_no_line_crosses_anything(string file) =>
        DrawnDefinition.Read(await ReadAsync(file), Activities).Faults().ShouldBeEmpty();

    /// <summary>The designer is about 880 × 470 of a screen of 1600 × 900, 20 of it a border on every side.</summary>
    [Theory]
    [MemberData(nameof(Files))]
    public async Task Fitted_to_the_screen_the_labels_can_be_read(string file)
    {
        const double LabelHeight = 16, Readable = 9.5;
        var drawing = DrawnDefinition.Read(await ReadAsync(file), Activities);
        (Math.Min(840 / drawing.Width, 430 / drawing.Height) * LabelHeight).ShouldBeGreaterThan(Readable);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Every_line_leads_to_the_right_or_begins_a_new_row(string file)
    {
        var drawing = DrawnDefinition.Read(await ReadAsync(file), Activities);
        var boxes = drawing.Boxes.ToDictionary(box => box.Id);
        drawing.Lines.Where(line => boxes[line.To].X <= boxes[line.From].X && boxes[line.To].Y <= boxes[line.From].Y)
            .Select(line => line.Port).ShouldBeSubsetOf(["ChangesRequested"], "only the way back to the drafts leads back");
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Every_box_says_in_words_what_it_does(string file)
    {
        var definition = await ReadAsync(file);
        foreach (var box in definition["root"]!["activities"]!.AsArray())
        {
            var (label, description) = ((string?)box!["metadata"]!["displayText"], (string?)box["metadata"]!["description"]);
            label.ShouldNotBeNullOrWhiteSpace((string)box["id"]!);
            label.ShouldNotBe((string?)box["name"]);
            description.ShouldNotBeNullOrWhiteSpace(label);
            description.ShouldEndWith(".");
        }
    }

    [Fact]
    public void What_is_wrong_with_a_drawing_is_seen()
    {
        DrawnBox[] boxes = [new("a", 0, 0, 100, 50), new("b", 50, 20, 100, 50), new("c", 300, 0, 100, 50)];
        DrawnLine[] lines = [new("a", "Done", "c", [new(100, 25), new(300, 25)]), new("b", "Done", "d", [new(200, 0), new(200, 100)]), new("b", "Empty", "c", [new(250, 90), new(250, 25), new(300, 25)])];
        new Drawing(boxes, lines).Faults().ShouldBe(["a and b overlap", "a.Done → c meets b.Done → d", "a.Done → c crosses b"]);
    }

    private static async Task<JsonNode> ReadAsync(string file) => JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "workflows", file)))!;
}

using LeadSens.Engine.BuiltIn;

namespace LeadSens.Engine.Tests.BuiltIn;

/// <summary>The shape of graphs: what leads back, what belongs to a loop.</summary>
public sealed class FlowGraphTests
{
    private static FlowGraph Graph(int boxes, string edges, int start = 0) => FlowGraph.Build(
        boxes, [.. edges.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select((edge, i) => new FlowConnection(int.Parse(edge.Split('>')[0]), "Done", int.Parse(edge.Split('>')[1]), i))], start);

    private static string Backward(FlowGraph graph) => string.Join(' ', graph.Edges.Where(edge => edge.IsBackward).Select(edge => $"{edge.Source}>{edge.Target}"));

    [Theory]
    [InlineData(3, "0>1 1>2", "")]
    [InlineData(3, "0>1 1>2 2>1", "2>1")]
    [InlineData(2, "0>1 1>1", "1>1")]
    [InlineData(3, "0>1 1>2 2>0", "2>0")]
    [InlineData(4, "0>1 0>2 1>3 2>3", "")]
    [InlineData(4, "0>1 1>2 2>3 3>1 2>0", "2>0 3>1")]
    [InlineData(5, "0>1 1>2 2>1 2>3 3>4 4>3", "2>1 4>3")]
    public void A_connection_that_closes_a_cycle_leads_back(int boxes, string edges, string backward) => Backward(Graph(boxes, edges)).ShouldBe(backward);

    [Fact]
    public void Boxes_that_the_start_does_not_reach_are_left_out()
    {
        var graph = Graph(4, "0>1 2>1 2>3");
        graph.Edges.Length.ShouldBe(1);
        graph.ForwardIn[1].Length.ShouldBe(1);
    }

    [Fact]
    public void Another_start_gives_another_graph()
    {
        Backward(Graph(3, "0>1 1>2 2>0", 0)).ShouldBe("2>0");
        Backward(Graph(3, "0>1 1>2 2>0", 1)).ShouldBe("0>1");
    }

    [Fact]
    public void A_loop_holds_every_box_on_a_way_round()
    {
        var loop = Graph(6, "0>1 1>2 1>3 2>4 3>4 4>1 4>5").Loops.ShouldHaveSingleItem();
        loop.Header.ShouldBe(1);
        loop.Body.Order().ShouldBe([1, 2, 3, 4]);
        loop.IsEnteredByHeader.ShouldBeTrue();
    }

    [Fact]
    public void Inner_loops_come_before_outer_ones()
    {
        var loops = Graph(5, "0>1 1>2 2>2 2>3 3>1 3>4").Loops;
        loops.Select(loop => loop.Header).ShouldBe([2, 1]);
        loops[1].Body.IsSupersetOf(loops[0].Body).ShouldBeTrue();
    }

    [Fact]
    public void Two_ways_back_to_one_box_are_one_loop()
    {
        var loop = Graph(4, "0>1 1>2 2>1 2>3 3>1").Loops.ShouldHaveSingleItem();
        loop.Body.Order().ShouldBe([1, 2, 3]);
    }

    [Fact]
    public void A_loop_that_can_be_entered_elsewhere_is_known() =>
        Graph(3, "0>1 0>2 1>2 2>1").Loops.ShouldHaveSingleItem().IsEnteredByHeader.ShouldBeFalse();

    [Fact]
    public void Ancestors_are_what_leads_to_a_box_forward()
    {
        var graph = Graph(6, "0>1 0>2 1>3 2>3 3>4 4>3 0>5");
        graph.Ancestors(3).Order().ShouldBe([0, 1, 2]);
        graph.Ancestors(0).ShouldBeEmpty();
    }

    [Fact]
    public void Marks_have_a_place_for_start_connections_and_boxes()
    {
        var marks = Graph(3, "0>1 1>2", 0).NewMarks();
        marks.Length.ShouldBe(1 + 2 + 3);
        marks.ShouldAllBe(mark => mark == 0);
    }

    [Fact]
    public void Forward_connections_are_left_before_backward_ones()
    {
        var graph = Graph(3, "0>1 1>0 1>2");
        graph.Out[1].Select(edge => edge.IsBackward).ShouldBe([false, true]);
    }
}

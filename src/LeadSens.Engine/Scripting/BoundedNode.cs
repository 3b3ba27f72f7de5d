using System.Text;
using LeadSens.Scripts;

namespace LeadSens.Engine;

/// <summary>A part of a bounded script.</summary>
internal abstract class BoundedNode
{
    public abstract object? Evaluate(BoundedRun run);
}

internal sealed class ConstantNode(object? value) : BoundedNode
{
    public override object? Evaluate(BoundedRun run) => value;
}

/// <summary>A declaration, with the value of none; and reading what was declared.</summary>
internal sealed class LocalNode(int local, BoundedNode? declared) : BoundedNode
{
    public override object? Evaluate(BoundedRun run)
    {
        if (declared is null) return run[local];
        run[local] = declared.Evaluate(run);
        return Undefined.Value;
    }
}

/// <summary>Reads from the run: variables.name, getVariable('name'), getName() and the like.</summary>
internal sealed class ReadNode(string function, ArgumentKind[] signature, IReadOnlyList<BoundedNode> arguments) : BoundedNode
{
    private static readonly string?[] None = [];

    public override object? Evaluate(BoundedRun run) => run.Read(function, signature.Length == 0 ? None : Texts(run));

    private string?[] Texts(BoundedRun run)
    {
        var texts = new string?[signature.Length];
        for (var i = 0; i < texts.Length; i++)
        {
            var given = i < arguments.Count ? arguments[i].Evaluate(run) : Undefined.Value;
            texts[i] = signature[i] == ArgumentKind.OptionalText && given is Undefined ? null : Plain.Text(given);
        }

        return texts;
    }
}

/// <summary>Notes what is to be written into the run.</summary>
internal sealed class WriteNode(string function, ArgumentKind[] signature, IReadOnlyList<BoundedNode> arguments, bool isAssignment) : BoundedNode
{
    public override object? Evaluate(BoundedRun run)
    {
        var given = arguments.Select(argument => argument.Evaluate(run)).ToList();
        var texts = new List<string?>();
        object? value = Undefined.Value;
        for (var i = 0; i < signature.Length; i++)
        {
            var argument = signature[i] == ArgumentKind.FirstAsValue ? given.ElementAtOrDefault(0) : i < given.Count ? given[i] : Undefined.Value;
            if (signature[i] == ArgumentKind.Text) texts.Add(Plain.Text(argument));
            else value = argument;
        }

        run.Note(function, texts, value);
        if (isAssignment) return value;
        return function is "setWorkflowInstanceName" or "setCorrelationId" ? texts[0] : null;
    }
}

/// <summary>A function of its argument alone.</summary>
internal sealed class PlainNode(PlainFunctions.Function function, bool takesNull, BoundedNode? argument) : BoundedNode
{
    public override object? Evaluate(BoundedRun run)
    {
        var given = argument is null ? Undefined.Value : argument.Evaluate(run);
        if (takesNull && given is null or Undefined) return function(null);
        var text = Plain.Text(given);
        run.Charge(2 * text.Length);
        try
        {
            return function(text);
        }
        catch (ScriptRefusedException exception)
        {
            throw new ExpressionException(exception.Message);
        }
    }
}

internal sealed class MemberNode(BoundedNode owner, BoundedNode key, bool isOptional) : BoundedNode
{
    /// <summary>The chain met a <c>?.</c> on nothing.</summary>
    public static readonly object Broken = new();

    public override object? Evaluate(BoundedRun run)
    {
        var value = owner.Evaluate(run);
        if (ReferenceEquals(value, Broken) || isOptional && value is null or Undefined) return Broken;
        return Plain.Member(run, value, key.Evaluate(run));
    }
}

/// <summary>A whole chain of members with a <c>?.</c> in it.</summary>
internal sealed class ChainNode(BoundedNode last) : BoundedNode
{
    public override object? Evaluate(BoundedRun run) => last.Evaluate(run) is var value && ReferenceEquals(value, MemberNode.Broken) ? Undefined.Value : value;
}

internal sealed class UnaryNode(Func<object?, object?> apply, BoundedNode operand) : BoundedNode
{
    public override object? Evaluate(BoundedRun run) => apply(operand.Evaluate(run));
}

internal sealed class BinaryNode(Func<object?, object?, object?> apply, BoundedNode left, BoundedNode right) : BoundedNode
{
    public override object? Evaluate(BoundedRun run) => apply(left.Evaluate(run), right.Evaluate(run));
}

/// <summary>Adds numbers, or joins texts.</summary>
internal sealed class PlusNode(BoundedNode left, BoundedNode right) : BoundedNode
{
    public override object? Evaluate(BoundedRun run)
    {
        var (a, b) = (left.Evaluate(run), right.Evaluate(run));
        if (a is double one && b is double other) return one + other;
        if (a is not string && b is not string) return Plain.Number(a) + Plain.Number(b);
        var (first, second) = (Plain.Text(a), Plain.Text(b));
        run.Charge(first.Length + second.Length);
        return first + second;
    }
}

internal sealed class TemplateNode(IReadOnlyList<BoundedNode> parts) : BoundedNode
{
    public override object? Evaluate(BoundedRun run)
    {
        var text = new StringBuilder();
        foreach (var part in parts)
        {
            var piece = Plain.Text(part.Evaluate(run));
            run.Charge(piece.Length);
            text.Append(piece);
        }

        return text.ToString();
    }
}

internal sealed class LogicalNode(Func<object?, bool> takesLeft, BoundedNode left, BoundedNode right) : BoundedNode
{
    public override object? Evaluate(BoundedRun run)
    {
        var value = left.Evaluate(run);
        return takesLeft(value) ? value : right.Evaluate(run);
    }
}

/// <summary>A choice: an operator, or a statement.</summary>
internal sealed class ChoiceNode(BoundedNode test, BoundedNode then, BoundedNode otherwise) : BoundedNode
{
    public override object? Evaluate(BoundedRun run) => (Plain.Truth(test.Evaluate(run)) ? then : otherwise).Evaluate(run);
}

internal sealed class ReturnNode(BoundedNode value) : BoundedNode
{
    public override object? Evaluate(BoundedRun run)
    {
        var result = value.Evaluate(run);
        run.IsDone = true;
        return result;
    }
}

internal sealed class BlockNode(IReadOnlyList<BoundedNode> statements) : BoundedNode
{
    public override object? Evaluate(BoundedRun run)
    {
        object? last = Undefined.Value;
        foreach (var statement in statements)
        {
            last = statement.Evaluate(run);
            if (run.IsDone) break;
        }

        return last;
    }
}

internal sealed class ListNode(IReadOnlyList<BoundedNode> items) : BoundedNode
{
    public override object? Evaluate(BoundedRun run) => items.Select(item => item.Evaluate(run)).ToList();
}

internal sealed class ObjectNode(IReadOnlyList<(string Name, BoundedNode Value)> members) : BoundedNode
{
    public override object? Evaluate(BoundedRun run) => members.Select(member => KeyValuePair.Create(member.Name, member.Value.Evaluate(run))).ToList();
}

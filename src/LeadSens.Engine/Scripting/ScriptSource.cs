using System.Diagnostics.CodeAnalysis;
using Acornima;
using Acornima.Ast;
using LeadSens.Scripts;
using Node = Acornima.Ast.Node;

namespace LeadSens.Engine;

/// <summary>Reads the text of an expression: an expression, or statements of which the last one's value or a return counts.</summary>
internal static class ScriptSource
{
    private static readonly ParserOptions Options = new() { AllowReturnOutsideFunction = true };

    /// <summary>What is wrong with a script; null when nothing is.</summary>
    public static string? Check(string source)
    {
        Read(source, out var problem);
        return problem;
    }

    /// <summary>Null when something is wrong.</summary>
    public static ScriptProgram? Read(string source, out string? problem)
    {
        problem = source.Length > ScriptLimits.SourceLength ? $"it is longer than {ScriptLimits.SourceLength} characters." : null;
        if (problem is not null) return null;
        if (source.Length < 200) return ReadHere(source, out problem);
        // What is nested deeply takes more stack than a thread of the pool has left.
        var (program, found) = ((ScriptProgram?)null, (string?)null);
        var thread = new Thread(() => program = ReadHere(source, out found), 64 * 1024 * 1024);
        thread.Start();
        thread.Join();
        problem = found;
        return program;
    }

    private static ScriptProgram? ReadHere(string source, out string? problem)
    {
        problem = null;
        try
        {
            if (TryParse(source, out var expression)) return Program(expression, $"return (\n{source}\n);", BoundedReader.Read(expression));
            var script = new Parser(Options).ParseScript(source, null, strict: true);
            return Program(script, ReturnLast(source, script), BoundedReader.Read(script));
        }
        catch (ParseErrorException exception)
        {
            problem = $"line {exception.LineNumber}: {exception.Description}";
        }
        catch (NestingException)
        {
            problem = $"it is nested deeper than {ScriptLimits.Nesting} levels.";
        }
        catch (InsufficientExecutionStackException)
        {
            problem = $"it is nested deeper than {ScriptLimits.Nesting} levels.";
        }

        return null;
    }

    private static bool TryParse(string source, [NotNullWhen(true)] out Acornima.Ast.Expression? expression)
    {
        try
        {
            expression = new Parser(Options).ParseExpression(source, null, strict: true);
            return true;
        }
        catch (ParseErrorException)
        {
            expression = null;
            return false;
        }
    }

    private static ScriptProgram Program(Node root, string body, BoundedScript? bounded)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        Collect(root, names, 0);
        return new ScriptProgram(body, [.. names], bounded);
    }

    private static void Collect(Node node, HashSet<string> names, int depth)
    {
        if (depth > ScriptLimits.Nesting) throw new NestingException();
        if (node is Identifier { Name: var name } && ScriptFunctions.IsAccessor(name) && names.Count < 200) names.Add(name);
        foreach (var child in node.ChildNodes)
        {
            if (child is not null) Collect(child, names, depth + 1);
        }
    }

    /// <summary>Makes the value of the last statement the value of the function: a <c>return</c> before it, wherever it may stand.</summary>
    private static string ReturnLast(string source, Script script)
    {
        var places = new List<int>();
        Last(script.Body.Count > 0 ? script.Body[^1] : null, places, 0);
        foreach (var place in places.OrderDescending()) source = source.Insert(place, "return ");
        return source;
    }

    private static void Last(Node? statement, List<int> places, int depth)
    {
        if (depth > ScriptLimits.Nesting) throw new NestingException();
        switch (statement)
        {
            case Directive: break;
            case ExpressionStatement last: places.Add(last.Start); break;
            case BlockStatement block when block.Body.Count > 0: Last(block.Body[^1], places, depth + 1); break;
            case IfStatement choice:
                Last(choice.Consequent, places, depth + 1);
                Last(choice.Alternate, places, depth + 1);
                break;
            case TryStatement attempt:
                Last(attempt.Block, places, depth + 1);
                Last(attempt.Handler?.Body, places, depth + 1);
                break;
        }
    }

    private sealed class NestingException : Exception;
}

using Jint.Parser;
using Jint.Parser.Ast;

namespace LeadSens.Engine;

/// <summary>Turns the text of an expression into a program that gives a function: an expression, or statements of which the last one's value
/// or a return counts.</summary>
internal static class ScriptSource
{
    private const string Head = "(function(){\"use strict\";";

    /// <summary>What is wrong with a script; null when nothing is.</summary>
    public static string? Check(string source)
    {
        try
        {
            Parse(source);
            return null;
        }
        catch (ParserException exception)
        {
            return $"line {Math.Max(1, exception.LineNumber - 1)}: {exception.Description}";
        }
        catch (ScriptLimitException exception)
        {
            return exception.Message;
        }
    }

    /// <summary>Parses anew: Jint keeps values in the tree, so that a tree belongs to one engine.</summary>
    public static Program Parse(string source)
    {
        if (source.Length > ScriptLimits.SourceLength) throw new ScriptLimitException($"it is longer than {ScriptLimits.SourceLength} characters.");
        if (source.Length < 200) return ParseHere(source);
        Program? program = null;
        Exception? failure = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    program = ParseHere(source);
                }
                catch (Exception exception)
                {
                    failure = exception;
                }
            },
            64 * 1024 * 1024);
        thread.Start();
        thread.Join();
        return program ?? throw failure!;
    }

    private static Program ParseHere(string source)
    {
        var program = ParseFunction(source, out var isExpression);
        var function = (FunctionExpression)((ExpressionStatement)program.Body.Single()).Expression;
        if (!isExpression) ScriptRewriter.ReturnLast(function);
        ScriptRewriter.Rewrite(program);
        return program;
    }

    private static Program ParseFunction(string source, out bool isExpression)
    {
        try
        {
            isExpression = true;
            var program = Single(new JavaScriptParser().Parse($"{Head}return (\n{source}\n);}})"));
            var function = (FunctionExpression)((ExpressionStatement)program.Body.Single()).Expression;
            if (((BlockStatement)function.Body).Body.Count() == 2) return program;
            throw Unexpected();
        }
        catch (ParserException)
        {
            isExpression = false;
            return Single(new JavaScriptParser().Parse($"{Head}\n{source}\n}})"));
        }
    }

    /// <summary>A text that closes the function and opens another thing is no expression.</summary>
    private static Program Single(Program program) =>
        program.Body.Count == 1 && program.Body.First() is ExpressionStatement { Expression: FunctionExpression }
            ? program
            : throw Unexpected();

    private static ParserException Unexpected() => new("Unexpected token") { Description = "Unexpected token", LineNumber = 2 };
}

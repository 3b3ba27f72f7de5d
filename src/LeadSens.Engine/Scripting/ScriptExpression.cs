using System.Text.RegularExpressions;
using Jint.Runtime;

namespace LeadSens.Engine;

/// <summary>A JavaScript expression.</summary>
internal sealed class ScriptExpression(string source) : Expression
{
    public string Source => source;

    public override object? Evaluate(Scope scope)
    {
        var engine = ScriptPool.Take(scope.TenantId);
        try
        {
            var value = engine.Evaluate(this, scope);
            ScriptPool.Give(scope.TenantId, engine);
            return value;
        }
        catch (JavaScriptException exception)
        {
            ScriptPool.Give(scope.TenantId, engine);
            throw new ExpressionException($"JavaScript of {scope.Current.Activity.Title} failed: {exception.Message}");
        }
        catch (Exception exception) when (exception is not ExpressionException)
        {
            throw new ExpressionException($"JavaScript of {scope.Current.Activity.Title} was stopped: {Reason(exception)}");
        }
    }

    /// <summary>An engine that was stopped in the middle is not used again.</summary>
    private static string Reason(Exception exception) => exception switch
    {
        ScriptLimitException => exception.Message,
        TimeoutException or RegexMatchTimeoutException => "it takes too long.",
        StatementsCountOverflowException => "it does too much.",
        RecursionDepthOverflowException or InsufficientExecutionStackException => "it calls itself too deeply.",
        _ => exception.Message,
    };
}

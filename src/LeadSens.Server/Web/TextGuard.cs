using LeadSens.Server.Api;
using Microsoft.AspNetCore.Http.Features;

namespace LeadSens.Server.Web;

/// <summary>Holds what stands in addresses, headers and forms against <see cref="TextRule"/> before anything reads it. JSON bodies are <see cref="TextConverter"/>'s.</summary>
internal static class TextGuard
{
    public static Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (ProblemOf(context) is { } problem) return Problems.Validation(new Dictionary<string, string[]> { [problem.Field] = [problem.Problem] }).ExecuteAsync(context);
        if (context.Request.HasFormContentType) context.Features.Set<IFormFeature>(new CheckedForm(context.Features.Get<IFormFeature>() ?? new FormFeature(context.Request)));
        return next(context);
    }

    private static (string Field, string Problem)? ProblemOf(HttpContext context)
    {
        foreach (var (name, value) in context.Request.RouteValues)
        {
            if (value is string text && TextRule.ProblemOf(text) is { } problem) return (name, problem);
        }

        foreach (var (name, values) in context.Request.Query)
        {
            if (TextRule.ProblemOf(name) is not null) return ("query", "A name holds a character that is not allowed.");
            foreach (var value in values)
            {
                // An answer that somebody's page sends along may have lines; whoever stores one as a name looks again.
                if (TextRule.ProblemOf(value, isMultiline: true) is { } problem) return (name, problem);
            }
        }

        foreach (var (name, values) in context.Request.Headers)
        {
            foreach (var value in values)
            {
                if (TextRule.HeaderProblemOf(value) is { } problem) return (name, problem);
            }
        }

        return null;
    }
}

/// <summary>A form whose fields keep to the rule, and that is refused in one way whatever keeps it from being read.</summary>
internal sealed class CheckedForm(IFormFeature inner) : IFormFeature
{
    public bool HasFormContentType => inner.HasFormContentType;

    public IFormCollection? Form
    {
        get => inner.Form;
        set => inner.Form = value;
    }

    public IFormCollection ReadForm()
    {
        try
        {
            return Checked(inner.ReadForm());
        }
        catch (Exception broken) when (IsBroken(broken))
        {
            throw Unreadable(broken);
        }
    }

    public async Task<IFormCollection> ReadFormAsync(CancellationToken cancellationToken)
    {
        try
        {
            return Checked(await inner.ReadFormAsync(cancellationToken));
        }
        catch (Exception broken) when (IsBroken(broken))
        {
            throw Unreadable(broken);
        }
    }

    /// <exception cref="TextRefusedException">A field breaks the rule.</exception>
    public static void Check(IFormCollection form)
    {
        foreach (var (name, values) in form)
        {
            if (TextRule.ProblemOf(name) is not null) throw new TextRefusedException("form", "The name of a field holds a character that is not allowed.");
            foreach (var value in values)
            {
                if (TextRule.ProblemOf(value, isMultiline: true) is { } problem) throw new TextRefusedException(name, problem);
            }
        }

        foreach (var file in form.Files)
        {
            if ((TextRule.ProblemOf(file.FileName) ?? TextRule.ProblemOf(file.Name)) is { } problem) throw new TextRefusedException("files", $"The name of a file: {problem}");
        }
    }

    private static IFormCollection Checked(IFormCollection form)
    {
        Check(form);
        return form;
    }

    private static bool IsBroken(Exception failure) => failure is InvalidDataException or IOException and not BadHttpRequestException;

    private static BadHttpRequestException Unreadable(Exception broken) => new("The form cannot be read.", broken);
}

namespace LeadSens.Engine;

/// <summary>Which runs of a workflow exclude each other. The names are those of Elsa's strategies.</summary>
internal enum ActivationStrategy { AllowAlways, Singleton, CorrelatedSingleton, Correlation }

internal static class ActivationStrategies
{
    /// <summary>Reads a strategy by its type name, long or short; nothing is always. Null when nobody knows it.</summary>
    public static ActivationStrategy? Parse(string? typeName)
    {
        if (string.IsNullOrWhiteSpace(typeName)) return ActivationStrategy.AllowAlways;
        var name = typeName.Split(',')[0].Split('.')[^1].Trim();
        if (name.EndsWith("Strategy", StringComparison.Ordinal)) name = name[..^"Strategy".Length];
        return Enum.TryParse<ActivationStrategy>(name, ignoreCase: true, out var strategy) && !char.IsAsciiDigit(name[0]) ? strategy : null;
    }

    /// <summary>What a run with this correlation id holds against others; null when nothing.</summary>
    /// <param name="errors">Takes that the strategy needs a correlation id and there is none, or that nobody could find the run by it.</param>
    public static Activation? Of(WorkflowDefinition definition, string? correlationId, List<DefinitionError> errors)
    {
        var (id, title) = (definition.DefinitionId, $"'{definition.Name ?? definition.DefinitionId}'");
        if (definition.ActivationStrategy > ActivationStrategy.Singleton && string.IsNullOrWhiteSpace(correlationId))
            errors.Add(new DefinitionError(null, "correlationId", $"The workflow {title} runs once per correlation id, so a start of it needs one."));
        if (!KeyLength.Fits(correlationId)) errors.Add(new DefinitionError(null, "correlationId", KeyLength.Problem("A correlation id")));
        return definition.ActivationStrategy switch
        {
            ActivationStrategy.Singleton => new($"singleton:{id}", $"The workflow {title} runs once at a time, and a run of it has not ended yet."),
            ActivationStrategy.CorrelatedSingleton => new($"singleton:{id}:{correlationId}", $"The workflow {title} runs once at a time per correlation id, and a run with '{correlationId}' has not ended yet."),
            ActivationStrategy.Correlation => new($"correlation:{correlationId}", $"The workflow {title} wants its correlation id for itself, and another run with '{correlationId}' has not ended yet."),
            _ => null,
        };
    }
}

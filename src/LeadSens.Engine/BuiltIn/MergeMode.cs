namespace LeadSens.Engine.BuiltIn;

/// <summary>When a box of a flowchart in token mode runs, if several ways lead to it.</summary>
public enum MergeMode
{
    /// <summary>As Stream.</summary>
    None,

    /// <summary>When nothing is on its way to a box before it any more.</summary>
    Stream,

    /// <summary>When all forward connections were followed.</summary>
    Merge,

    /// <summary>When all connections were followed, those that lead back too.</summary>
    Converge,

    /// <summary>With the first arrival; later arrivals of the round are dropped.</summary>
    Cascade,

    /// <summary>With the first arrival, which cancels the others.</summary>
    Race,
}

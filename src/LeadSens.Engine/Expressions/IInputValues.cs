namespace LeadSens.Engine;

/// <summary>The values of a box's inputs: those of an execution, or those that can be had without a run.</summary>
internal interface IInputValues
{
    T? Get<T>(Input<T> input);
}
